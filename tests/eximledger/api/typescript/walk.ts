// The Dongyu case, walked by programs of four members over HTTP. Types come from the interface's own description.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./api.js";

type Loan = components["schemas"]["LoanSeen"];
type Proposal = components["schemas"]["Proposal-Input"];

interface Given {
  url: string;
  papers: string;
  today: string;
  tokens: Record<string, string>;
  authorisations: Record<string, components["schemas"]["SignedAuthorisation"]>;
}

const given = JSON.parse(readFileSync(process.argv[2] ?? "given.json", "utf8")) as Given;
const LOAN = "DY-2026-001";
const AMOUNT = { amount: "7760000.00", currency: "CNY" };

function program(user: string): Client<paths> {
  return createClient<paths>({ baseUrl: given.url, headers: { Authorization: `Bearer ${given.tokens[user]}` } });
}

function done<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data === undefined) {
    throw new Error(`${answer.response.status} ${JSON.stringify(answer.error)}`);
  }
  return answer.data;
}

async function upload(client: Client<paths>, folder: string): Promise<void> {
  const place = join(given.papers, folder);
  for (const name of readdirSync(place).sort()) {
    const path = join(place, name);
    if (!statSync(path).isFile() || name === "application.json") continue;
    const form = new FormData();
    form.append("file", new Blob([readFileSync(path)]), basename(path));
    done(await client.POST("/api/v1/papers/files", {
      body: { file: "", exporter: "" },
      bodySerializer: () => form,
    }));
  }
}

async function apply(client: Client<paths>, file: string): Promise<Loan> {
  const body = JSON.parse(readFileSync(join(given.papers, file), "utf8"));
  return done(await client.POST("/api/v1/loans", { body, params: { header: { "Idempotency-Key": file } } }));
}

async function check(client: Client<paths>, loan_id: string): Promise<[string, string]> {
  const answer = await client.POST("/api/v1/loans/{loan_id}/check", { params: { path: { loan_id } } });
  return [done(answer).verdict, answer.response.headers.get("ETag") ?? ""];
}

async function approve(client: Client<paths>, loan_id: string, tag: string) {
  return client.POST("/api/v1/loans/{loan_id}/approval", {
    params: { path: { loan_id }, header: { "If-Match": tag } },
    body: { overrides: {} },
  });
}

async function step(maker: Client<paths>, checker: Client<paths>, body: Proposal): Promise<Loan> {
  const path = { loan_id: LOAN };
  const loan = done(await maker.POST("/api/v1/loans/{loan_id}/proposals", { params: { path }, body }));
  const sha256 = loan.proposed?.sha256 ?? "";
  return done(await checker.POST("/api/v1/loans/{loan_id}/proposals/{sha256}/confirmation", {
    params: { path: { ...path, sha256 } },
  }));
}

function same(found: unknown, wanted: unknown, what: string): void {
  if (found !== wanted) throw new Error(`${what} is ${String(found)}, not ${String(wanted)}`);
}

const maker = program("eximbank/maker");
const checker = program("eximbank/checker");
const otherMaker = program("tradebank/maker");
const otherChecker = program("tradebank/checker");
const safe = program("safe/officer");
const customs = program("customs/officer");

for (const [client, bank] of [[maker, "EximbankMSP"], [otherMaker, "TradebankMSP"]] as const) {
  const body = given.authorisations[bank];
  if (body === undefined) throw new Error(`no authorisation of ${bank}`);
  done(await client.POST("/api/v1/authorisations", { body }));
}
await upload(customs, "customs");
await upload(safe, "safe");
await upload(maker, "eximbank");
await upload(otherMaker, "tradebank");
const other = await apply(otherMaker, "tradebank/application.json");
const [, otherTag] = await check(otherMaker, other.loan_id);
done(await approve(otherChecker, other.loan_id, otherTag));

await apply(maker, "application.json");
const [first, firstTag] = await check(maker, LOAN);
same(first, "reject", "the first verdict");
const refused = await approve(checker, LOAN, firstTag);
same(refused.response.status, 422, "the status of an approval against the verdict");
same(refused.error?.type, "/api/v1/problems/refused", "the problem");

await upload(customs, "corrected/customs");
await upload(maker, "corrected/eximbank");
await apply(maker, "corrected/application.json");
const [second, tag] = await check(maker, LOAN);
same(second, "approve", "the second verdict");
const stale = await approve(checker, LOAN, firstTag);
same(stale.response.status, 412, "the status of an approval of what was seen before");
same((stale.error?.differences?.length ?? 0) > 0, true, "whether it is told what changed");
same(done(await approve(checker, LOAN, tag)).state, "approved", "the loan");

const conditions = [{ condition: "pledge-registration" as const, reference: "ZD-2604-00117" }];
const day = given.today;
await step(maker, checker, { step: "disbursement", amount: AMOUNT, day, reference: "TS-PAY-1", conditions } as Proposal);
await upload(safe, "receipt");
const loan = await step(maker, checker, { step: "repayment", amount: AMOUNT, day, reference: "TS-REPAY-1" } as Proposal);
same(loan.state, "closed", "the loan");

const page = done(await maker.GET("/api/v1/loans", { params: { query: { state: ["closed"] } } }));
same(page.rows[0]?.loan_id, LOAN, "the list");
console.log("closed");
