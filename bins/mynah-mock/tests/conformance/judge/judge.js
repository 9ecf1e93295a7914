// Computes the answers of a trace without Mynah: runs it in Node.js, and interprets its values by the rules of the
// trace format. Each line of standard input is a question in JSON, which is answered by a line.
//
//   {"trace": path, "prefix": folder of modules, "port": number, "globals": {…}, "statements": […], "sessions": 2}
//
// Each session gets all statements. Without `statements` it searches the trace for statements that it answers.

"use strict";

const readline = require("readline");
const { Globals, Session } = require("./session");
const { answer, handshake, Misfit } = require("./rules");
const { known } = require("./statements");

function judge(question) {
  const globals = new Globals(question.globals);
  const sessions = [];
  for (let number = 0; number < question.sessions; number++) {
    sessions.push(play(new Session(question, globals), question.statements));
  }
  return { sessions, globals: globals.all() };
}

function play(session, statements) {
  const verdict = { answers: [] };
  try {
    session.load();
    verdict.handshake = handshake(session);
    session.stmts();
  } catch (error) {
    return { answers: [], failed: reason(error) };
  }
  if (verdict.handshake.refused || verdict.handshake.denied || verdict.handshake.certificate) return verdict;
  for (const statement of statements) {
    try {
      verdict.answers.push(answer(session.ask(statement)));
    } catch (error) {
      verdict.answers.push({ failed: reason(error) });
    }
  }
  return verdict;
}

// The error text of the rules; null for errors of the engine, whose texts differ between engines.
function reason(error) {
  if (error instanceof Misfit) return error.message;
  return typeof error === "string" ? error : null;
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const question = JSON.parse(line);
  const said = question.statements ? judge(question) : known(question);
  process.stdout.write(`${JSON.stringify(said)}\n`);
});
