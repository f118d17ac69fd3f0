// The same load as bench/sdk/client.py, on the official Go SDK: client CONNECTION CALL IN_FLIGHT COUNT WARM_UP.
package main

import (
	"crypto/x509"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strconv"
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

// connection is what bench/sdk tells every client.
type connection struct {
	Address, Host, Roots  string
	Msp, Certificate, Key string
	Channel, Chaincode    string
	Value, Written        string
	Keys                  int
	WarmUpInFlight        int `json:"warm_up_in_flight"`
}

type measured struct {
	Operations int     `json:"operations"`
	Seconds    float64 `json:"seconds"`
	CPU        float64 `json:"cpu"`
	Failures   int64   `json:"failures"`
}

func main() {
	var where connection
	must(json.Unmarshal(read(os.Args[1]), &where))
	call, inFlight, count, warmUp := os.Args[2], number(os.Args[3]), number(os.Args[4]), number(os.Args[5])

	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(read(where.Roots))
	transport := grpc.WithTransportCredentials(credentials.NewClientTLSFromCert(roots, where.Host))
	peer := value(grpc.NewClient("passthrough:///"+where.Address, transport))
	defer peer.Close()

	certificate := value(identity.CertificateFromPEM(read(where.Certificate)))
	key := value(identity.PrivateKeyFromPEM(read(where.Key)))
	gateway := value(client.Connect(
		value(identity.NewX509Identity(where.Msp, certificate)),
		client.WithSign(value(identity.NewPrivateKeySign(key))),
		client.WithHash(hash.SHA256),
		client.WithClientConnection(peer),
	))
	defer gateway.Close()
	contract := gateway.GetNetwork(where.Channel).GetContract(where.Chaincode)

	drive(contract, where, call, where.WarmUpInFlight, warmUp)
	cpu, begun := cpuSeconds(), time.Now()
	failures := drive(contract, where, call, inFlight, count)
	seconds := time.Since(begun).Seconds()
	must(json.NewEncoder(os.Stdout).Encode(measured{count, seconds, cpuSeconds() - cpu, failures}))
}

// drive does count operations, inFlight at once, and tells how many failed or were answered wrongly.
func drive(contract *client.Contract, where connection, call string, inFlight, count int) int64 {
	var next, failures atomic.Int64
	var working sync.WaitGroup
	for range inFlight {
		working.Add(1)
		go func() {
			defer working.Done()
			for number := next.Add(1) - 1; number < int64(count); number = next.Add(1) - 1 {
				if err := operate(contract, where, call, fmt.Sprintf("key-%d", number%int64(where.Keys))); err != nil {
					failures.Add(1)
					log.Print(err)
				}
			}
		}()
	}
	working.Wait()
	return failures.Load()
}

func operate(contract *client.Contract, where connection, call, key string) error {
	var answer []byte
	var err error
	expected := where.Written
	if call == "evaluate" {
		answer, err = contract.EvaluateTransaction("kv:get", key)
		expected = where.Value
	} else {
		answer, err = contract.SubmitTransaction("kv:put", key, where.Value)
	}
	if err == nil && string(answer) != expected {
		err = fmt.Errorf("%s is answered with %q", key, answer)
	}
	return err
}

// cpuSeconds is what this process has used, in user and system mode.
func cpuSeconds() float64 {
	var usage syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
}

func read(path string) []byte { return value(os.ReadFile(path)) }

func number(text string) int { return value(strconv.Atoi(text)) }

func value[T any](found T, err error) T {
	must(err)
	return found
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
