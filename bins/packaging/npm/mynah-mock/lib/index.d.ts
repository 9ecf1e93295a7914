/** What JSON stands for, and what is made of it: `Date`, `bigint`, typed arrays. */
export type Value = null | boolean | number | bigint | string | Date | ArrayBufferView | Value[] | { [key: string]: Value };

/** What a value has to be, where not one will do. */
export type Matcher =
  | { any: true }
  | { type: "number" | "integer" | "string" | "bytes" | "null" }
  | { matches: string }
  | { between: [Value, Value] }
  | { one_of: Value[] };

/** Anything, NULL too. */
export const any: { readonly any: true };
/** A text, or a number, that this regular expression is found in. */
export function matches(pattern: string | RegExp): Matcher;
/** A value from `low` to `high`, both included. */
export function between(low: Value, high: Value): Matcher;
/** One of these values or matchers. */
export function oneOf(...values: (Value | Matcher)[]): Matcher;
/** A value of a kind. */
export function typed(kind: "number" | "integer" | "string" | "bytes" | "null"): Matcher;

/** A statement by its text, how it begins, a regular expression that is found in it, or its digest. */
export type StatementMatch = string | { stmt: string } | { prefix: string } | { regex: string | RegExp } | { digest: string };

export type Row = Record<string, Value> | Value[];
export type Column = string | { name: string; type: string; [key: string]: Value };

/** A statement that is expected, and its answers. It is in the mock once it is awaited. */
export interface Expectation extends PromiseLike<number> {
  /** Answers with rows: objects, or arrays with `columns`. Said again, it is the answer to the next time; the last stays. */
  returns(rows: Row[], columns?: Column[]): this;
  /** Answers that it succeeded. */
  ok(said?: { affectedRows?: number | bigint; insertId?: number | bigint; [key: string]: Value | undefined }): this;
  /** Answers with an error by name: "ER_DUP_ENTRY". */
  fails(name: string): this;
  /** Answers with an error by number. */
  fails(code: number, message?: string, sqlState?: string): this;
  /** Answers with anything that a script can answer with. */
  answers(answer: { [key: string]: Value }): this;
  /** Delays the answer that was said last. */
  after(milliseconds: number): this;
  /** How often it has to come. */
  times(count: number | { min?: number; max?: number }): this;
  /** It must not come. */
  never(): this;
  /** It may come any number of times, or not at all. */
  anyNumber(): this;
  /** Those of a lower number are asked first; 5 is that of all others. */
  priority(number: number): this;
  /** Only while the scenario is in this state; each begins in the state "start". */
  when(state: string, scenario?: string): this;
  /** Brings the scenario into this state. */
  thenState(state: string, scenario?: string): this;
  /** What reports call it. */
  named(name: string): this;
  /** Other keys of expectations. */
  with(keys: { [key: string]: Value }): this;
  /** Adds it to the mock; resolves with its number. */
  add(): Promise<number>;
}

/** What came of a test. */
export interface Report {
  test: string | null;
  met: ReportLine[];
  unmet: ReportLine[];
  unexpected: { number: number; connection: number; statement: string; explanation: object }[];
  unexpected_count: number;
  overflowed: number;
  /** The report for people. */
  text: string;
}

export interface ReportLine {
  id: number;
  name: string | null;
  place: string;
  expected: string;
  times: string;
  calls: number;
  is_stub: boolean;
}

/** A statement of the journal. */
export interface Statement {
  number: number;
  time: string;
  connection: number;
  user: string;
  schema: string | null;
  protocol: "classic" | "x";
  command: string;
  statement: string;
  digest: string;
  params: unknown[];
  answered_by: unknown;
  state: "pending" | "done";
  outcome: unknown;
  latency: number | null;
  [key: string]: unknown;
}

/** A test that the mock knows by an id. */
export interface MockTest {
  readonly mock: Mock;
  readonly id: string;
  /** The id in a comment that a statement may have. */
  readonly comment: string;
  /** A user whose name carries the id: connections that log in by it belong to the test. */
  readonly user: string;
  /** What mysql2's createConnection and createPool take. */
  options<T extends object>(more?: T): { host: string; port: number; user: string } & T;
  /** Expects a statement, once unless told otherwise. */
  expect(statement?: StatementMatch, params?: (Value | Matcher)[]): Expectation;
  /** The same for a statement that may come any number of times, or not at all. */
  stub(statement?: StatementMatch, params?: (Value | Matcher)[]): Expectation;
  /** The statements that came, the first one first. */
  statements(filter?: string): Promise<Statement[]>;
  /** Waits until so many statements came that the filter holds for. */
  waitFor(count: number, filter?: string, timeout?: number): Promise<Statement[]>;
  /** What came of the expectations so far. */
  report(): Promise<Report>;
  /** Ends the test and reports, without an error. */
  end(): Promise<Report>;
  /** Ends the test; rejects with the report unless all is met and nothing was unexpected. */
  verify(): Promise<Report>;
}

/** A running mock. */
export interface Mock extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly xport: number;
  readonly socket: string;
  readonly http: string;
  readonly log: string;
  /** What mysql2's createConnection and createPool take. */
  options<T extends object>(more?: T): { host: string; port: number; user: string } & T;
  /** The address as many drivers and ORMs take it. */
  url(parts?: { scheme?: string; user?: string; password?: string; schema?: string }): string;
  /** A request to its HTTP interface. */
  request(method: string, path: string, options?: { body?: unknown; query?: Record<string, string | number | undefined>; timeout?: number }): Promise<any>;
  /** Opens a test. With `isDefault`, statements without an id belong to it, too, until it ends. */
  test(options?: { id?: string; isDefault?: boolean }): Promise<MockTest>;
  /** Ends it. */
  stop(): Promise<void>;
}

/** The mock refused a request. */
export class MockError extends Error {
  readonly status: number;
}

/** Starts a mock on free ports, and resolves when clients can connect. */
export function startMock(options?: { filename?: string; options?: string[]; timeout?: number }): Promise<Mock>;

/** The path of the program. */
export function findBin(): string;
