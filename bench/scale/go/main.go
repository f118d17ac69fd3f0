// The ceiling: transactions of given sizes on the official Go SDK. client PLAN, a JSON file; prints what it measured.
package main

import (
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/hyperledger/fabric-gateway/pkg/client"
	"github.com/hyperledger/fabric-gateway/pkg/hash"
	"github.com/hyperledger/fabric-gateway/pkg/identity"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
)

// who is an organisation's user and the peer whose gateway it calls.
type who struct {
	Address, Host, Roots  string
	Msp, Certificate, Key string
}

type reads struct {
	Channel    string `json:"channel"`
	Collection string `json:"collection"`
	Found      int    `json:"found"`
	Absent     int    `json:"absent"`
}

type writes struct {
	Collection string `json:"collection"`
	Keys       int    `json:"keys"`
	Size       int    `json:"size"`
}

// step is one transaction; `{msp}` in it stands for the organisation of who submits it.
type step struct {
	Name      string
	Channel   string
	Endorsers []string
	Carried   int
	Answer    int
	Reads     []reads
	Writes    []writes
}

type plan struct {
	Chaincode, Run string
	Who            []who
	Steps          []step
	Workers        int
	Sequences      int
}

type measured struct {
	Seconds  float64   `json:"seconds"`
	CPU      float64   `json:"cpu"`
	Failures int64     `json:"failures"`
	Finished int64     `json:"finished"`
	Times    []float64 `json:"times"`
}

// told is what the contract is given of a step.
type told struct {
	Place  int      `json:"place"`
	Key    string   `json:"key"`
	Answer int      `json:"answer"`
	Reads  []reads  `json:"reads"`
	Writes []writes `json:"writes"`
}

func main() {
	var work plan
	must(json.Unmarshal(value(os.ReadFile(os.Args[1])), &work))
	gateways := make([]*client.Gateway, len(work.Who))
	for number, one := range work.Who {
		gateways[number] = connect(one)
	}
	cpu, begun := cpuSeconds(), time.Now()
	found := drive(work, gateways)
	found.Seconds, found.CPU = time.Since(begun).Seconds(), cpuSeconds()-cpu
	must(json.NewEncoder(os.Stdout).Encode(found))
}

func connect(one who) *client.Gateway {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(value(os.ReadFile(one.Roots)))
	transport := grpc.WithTransportCredentials(credentials.NewClientTLSFromCert(roots, one.Host))
	large := grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(100<<20), grpc.MaxCallSendMsgSize(100<<20))
	peer := value(grpc.NewClient("passthrough:///"+one.Address, transport, large))
	certificate := value(identity.CertificateFromPEM(value(os.ReadFile(one.Certificate))))
	key := value(identity.PrivateKeyFromPEM(value(os.ReadFile(one.Key))))
	return value(client.Connect(
		value(identity.NewX509Identity(one.Msp, certificate)),
		client.WithSign(value(identity.NewPrivateKeySign(key))),
		client.WithHash(hash.SHA256),
		client.WithClientConnection(peer),
		client.WithEndorseTimeout(60*time.Second),
		client.WithCommitStatusTimeout(120*time.Second),
	))
}

// drive runs sequences of steps, so many workers at once, each sequence in the name of one of those who there are.
func drive(work plan, gateways []*client.Gateway) measured {
	var next, failures, finished atomic.Int64
	var working sync.WaitGroup
	times := make([][]float64, work.Workers)
	for worker := range work.Workers {
		working.Add(1)
		go func() {
			defer working.Done()
			for number := next.Add(1) - 1; number < int64(work.Sequences); number = next.Add(1) - 1 {
				place := int(number) % len(gateways)
				if sequence(work, gateways[place], work.Who[place].Msp, int(number), &times[worker]) {
					finished.Add(1)
				} else {
					failures.Add(1)
				}
			}
		}()
	}
	working.Wait()
	all := []float64{}
	for _, some := range times {
		all = append(all, some...)
	}
	return measured{Failures: failures.Load(), Finished: finished.Load(), Times: all}
}

func sequence(work plan, gateway *client.Gateway, msp string, number int, times *[]float64) bool {
	for place, one := range work.Steps {
		begun := time.Now()
		if err := submit(work, gateway, msp, number, place, one); err != nil {
			log.Printf("%s: %v", one.Name, err)
			return false
		}
		*times = append(*times, time.Since(begun).Seconds())
	}
	return true
}

func submit(work plan, gateway *client.Gateway, msp string, number, place int, one step) error {
	own := strings.NewReplacer("{msp}", msp)
	body := told{Place: number * 7, Key: fmt.Sprintf("%s-%d-%d", work.Run, number, place), Answer: one.Answer}
	for _, each := range one.Reads {
		each.Collection = own.Replace(each.Collection)
		body.Reads = append(body.Reads, each)
	}
	for _, each := range one.Writes {
		each.Collection = own.Replace(each.Collection)
		body.Writes = append(body.Writes, each)
	}
	if body.Reads == nil {
		body.Reads = []reads{}
	}
	if body.Writes == nil {
		body.Writes = []writes{}
	}
	seed := make([]byte, 32)
	must2(rand.Read(seed))
	transient := map[string][]byte{"step": value(json.Marshal(body)), "seed": seed}
	if rest := one.Carried - len(transient["step"]) - len(seed); rest > 0 {
		transient["rest"] = make([]byte, rest)
		must2(rand.Read(transient["rest"]))
	}
	endorsers := make([]string, len(one.Endorsers))
	for each, name := range one.Endorsers {
		endorsers[each] = own.Replace(name)
	}
	contract := gateway.GetNetwork(one.Channel).GetContract(work.Chaincode)
	answer, err := contract.Submit("bytes:run", client.WithTransient(transient), client.WithEndorsingOrganizations(endorsers...))
	if err == nil && len(answer) < one.Answer {
		err = fmt.Errorf("%d bytes are answered, not %d", len(answer), one.Answer)
	}
	return err
}

// cpuSeconds is what this process has used, in user and system mode.
func cpuSeconds() float64 {
	var usage syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
}

func value[T any](found T, err error) T {
	must(err)
	return found
}

func must2(_ int, err error) { must(err) }

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
