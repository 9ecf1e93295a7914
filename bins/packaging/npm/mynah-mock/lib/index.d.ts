/** A value that JSON can express, or that is converted to JSON: `Date`, `bigint`, typed arrays. */
export type Value = null | boolean | number | bigint | string | Date | ArrayBufferView | Value[] | { [key: string]: Value };

/** A condition on a value. */
export type Matcher =
  | { any: true }
  | { type: "number" | "integer" | "string" | "bytes" | "null" }
  | { matches: string }
  | { between: [Value, Value] }
  | { one_of: Value[] };

/** Matches any value, also NULL. */
export const any: { readonly any: true };
/** Matches a text or a number in which this regular expression is found. */
export function matches(pattern: string | RegExp): Matcher;
/** Matches a value from `low` to `high`, both included. */
export function between(low: Value, high: Value): Matcher;
/** Matches if one of these values or matchers does. */
export function oneOf(...values: (Value | Matcher)[]): Matcher;
/** Matches a value of a kind. */
export function typed(kind: "number" | "integer" | "string" | "bytes" | "null"): Matcher;

/** A condition on a statement: its text, its beginning, a regular expression that is found in it, or its digest. */
export type StatementMatch = string | { stmt: string } | { prefix: string } | { regex: string | RegExp } | { digest: string };

export type Row = Record<string, Value> | Value[];
export type Column = string | { name: string; type: string; [key: string]: Value };

/** An expected statement and its answers. It is added to the mock when it is awaited. */
export interface Expectation extends PromiseLike<number> {
  /** Adds an answer with rows: objects, or arrays with `columns`. Several answers are played in order; the last one is repeated. */
  returns(rows: Row[], columns?: Column[]): this;
  /** Adds an OK as an answer. */
  ok(said?: { affectedRows?: number | bigint; insertId?: number | bigint; [key: string]: Value | undefined }): this;
  /** Adds an error as an answer, by its name: "ER_DUP_ENTRY". */
  fails(name: string): this;
  /** Adds an error as an answer, by its number. */
  fails(code: number, message?: string, sqlState?: string): this;
  /** Adds any answer that a script can have. */
  answers(answer: { [key: string]: Value }): this;
  /** Delays the answer that was added last. */
  after(milliseconds: number): this;
  /** Sets how often the statement must be sent. */
  times(count: number | { min?: number; max?: number }): this;
  /** The statement must not be sent. */
  never(): this;
  /** The statement may be sent any number of times, or not at all. */
  anyNumber(): this;
  /** Sets the priority: expectations with a lower number are tried first. The default is 5. */
  priority(number: number): this;
  /** The expectation matches only while the scenario is in this state. A scenario begins in the state "start". */
  when(state: string, scenario?: string): this;
  /** After a match, the scenario is in this state. */
  thenState(state: string, scenario?: string): this;
  /** Sets the name in reports. */
  named(name: string): this;
  /** Sets other keys of the expectation, such as `user` or `schema`. */
  with(keys: { [key: string]: Value }): this;
  /** Adds the expectation to the mock; resolves with its id. */
  add(): Promise<number>;
}

/** The mock's report on a test. */
export interface Report {
  test: string | null;
  met: ReportLine[];
  unmet: ReportLine[];
  unexpected: { number: number; connection: number; statement: string; explanation: object }[];
  unexpected_count: number;
  overflowed: number;
  /** The report as text for people. */
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

/** A test at the mock, with an id. */
export interface MockTest {
  readonly mock: RunningMock;
  readonly id: string;
  /** A comment with the id, to be added to statements. */
  readonly comment: string;
  /** A user name that contains the id: connections that log in with it belong to the test. */
  readonly user: string;
  /** Options for mysql2's createConnection and createPool. */
  options<T extends object>(more?: T): { host: string; port: number; user: string } & T;
  /** Expects a statement, once by default. */
  expect(statement?: StatementMatch, params?: (Value | Matcher)[]): Expectation;
  /** Answers a statement that may be sent any number of times, or not at all. */
  stub(statement?: StatementMatch, params?: (Value | Matcher)[]): Expectation;
  /** Expects statements in this order: `inOrder(test.expect("begin").ok(), test.expect("commit").ok())`. Resolves with their ids. */
  inOrder(...expectations: Expectation[]): Promise<number[]>;
  /** The statements that were sent, in order. `filter` is a condition in the mock's language: `sql ~ person and error = 0`. */
  statements(filter?: string): Promise<Statement[]>;
  /** Waits until `count` statements for which the filter holds were sent. */
  waitFor(count: number, filter?: string, timeout?: number): Promise<Statement[]>;
  /** Removes the statements that were sent so far from the journal, and from the report those that were unexpected. */
  forget(): Promise<void>;
  /** The report on the expectations: so far, or the last one if the test has ended. */
  report(): Promise<Report>;
  /** Ends the test and resolves with the report, whether the test has passed or not. */
  end(): Promise<Report>;
  /** Ends the test. Rejects with the report if an expectation is unmet or a statement was unexpected. */
  verify(): Promise<Report>;
}

/** A mock that another process has started. */
export interface RunningMock {
  readonly host: string;
  readonly port: number;
  readonly http: string;
  /** Options for mysql2's createConnection and createPool. */
  options<T extends object>(more?: T): { host: string; port: number; user: string } & T;
  /** The address in the form that many drivers and ORMs accept: `mysql://root@127.0.0.1:41234/shop`. */
  url(parts?: { scheme?: string; user?: string; password?: string; schema?: string }): string;
  /** Sends a request to the mock's HTTP interface. */
  request(method: string, path: string, options?: { body?: unknown; query?: Record<string, string | number | undefined>; timeout?: number }): Promise<any>;
  /** Opens a test. With `isDefault`, statements without an id belong to it, too, until it ends. */
  test(options?: TestOptions): Promise<MockTest>;
  /**
   * Opens a test, and calls `run` with it. Afterwards the test is verified; if `run` has failed, the report is added to
   * the error's message instead. Resolves with what `run` returned.
   */
  runTest<T>(run: (test: MockTest) => T | Promise<T>, options?: TestOptions): Promise<T>;
}

export interface TestOptions {
  /** The test's id; by default a new one. */
  id?: string;
  /** Whether statements without an id belong to the test. */
  isDefault?: boolean;
}

/** A mock that this process has started. */
export interface Mock extends RunningMock, AsyncDisposable {
  readonly xport: number;
  readonly socket: string;
  readonly log: string;
  /** Ends the mock. */
  stop(): Promise<void>;
}

/** The mock refused a request. */
export class MockError extends Error {
  readonly status: number;
}

/** Starts a mock on free ports, and resolves when clients can connect. */
export function startMock(options?: { filename?: string; options?: string[]; timeout?: number }): Promise<Mock>;

/**
 * The mock that the variable MYNAH_HTTP names, as `mynah-mock run` sets it, together with MYSQL_HOST and MYSQL_TCP_PORT.
 * Throws an error if MYNAH_HTTP isn't set.
 */
export function runningMock(env?: Record<string, string | undefined>): RunningMock;

/** The path of the program. */
export function findBin(): string;
