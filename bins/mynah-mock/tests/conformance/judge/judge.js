// Says what a trace answers, without Mynah: runs it in Node.js, and reads what it returns by the rules of the
// trace format. Each line of its standard input is a question in JSON, which it answers by a line.
//
//   {"trace": path, "prefix": folder of modules, "port": number, "globals": {…}, "statements": […], "sessions": 2}
//
// Each of the sessions is asked all statements. Without `statements` it looks for statements that the trace knows.

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

// The text of what the rules refuse; of what the engine throws, which is worded as it likes, null.
function reason(error) {
  if (error instanceof Misfit) return error.message;
  return typeof error === "string" ? error : null;
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const question = JSON.parse(line);
  const said = question.statements ? judge(question) : known(question);
  process.stdout.write(`${JSON.stringify(said)}\n`);
});
