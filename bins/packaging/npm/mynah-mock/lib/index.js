"use strict";

const { MockError } = require("./api.js");
const { Expectation } = require("./expectation.js");
const { findBin } = require("./find-bin.js");
const { any, between, matches, oneOf, typed } = require("./matchers.js");
const { Mock, startMock } = require("./mock.js");
const { MockTest } = require("./mock-test.js");
const { RunningMock, runningMock } = require("./running-mock.js");

module.exports = {
  Expectation,
  Mock,
  MockError,
  MockTest,
  RunningMock,
  any,
  between,
  findBin,
  matches,
  oneOf,
  runningMock,
  startMock,
  typed,
};
