// `Duktape.enc()` and `Duktape.dec()`: bytes as text, and back; JSON with what it has no words for.
var base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// A buffer's bytes, or those of anything else as text in UTF-8.
function bytes(value) {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  var text = unescape(encodeURIComponent(value));
  return Uint8Array.from(text, function (c) { return c.charCodeAt(0); });
}

// A buffer that is its text as a string.
function buffer(bytes) {
  return Object.defineProperty(Uint8Array.from(bytes), "toString", {
    value: function () {
      var text = String.fromCharCode.apply(null, this);
      try { return decodeURIComponent(escape(text)); } catch (e) { return text; }
    },
  });
}

var encoders = {
  hex: function (value) {
    return Array.from(bytes(value), function (b) { return (b < 16 ? "0" : "") + b.toString(16); }).join("");
  },
  base64: function (value) {
    var from = bytes(value), text = "";
    for (var i = 0; i < from.length; i += 3) {
      var three = (from[i] << 16) | (from[i + 1] << 8) | from[i + 2];
      for (var k = 0; k < 4; k++) {
        text += i + k > from.length ? "=" : base64[(three >> (18 - 6 * k)) & 63];
      }
    }
    return text;
  },
  jx: function (value, replacer, space) { return json(value, replacer, space, jx); },
  jc: function (value, replacer, space) { return json(value, replacer, space, jc); },
};

// JSON with a mark wherever it has no words for a value; the mark is then put into words.
function json(value, replacer, space, words) {
  var found = [], mark = "mark" + Math.random().toString(36).slice(2);
  var text = JSON.stringify(value, function (key, value) {
    if (typeof replacer === "function") value = replacer.call(this, key, value);
    var kind = typeof value === "number" ? String(value) : typeof value;
    if (!Object.prototype.hasOwnProperty.call(words, kind)) return value;
    return mark + (found.push(words[kind]) - 1) + ";";
  }, space);
  text = text.replace(new RegExp('"' + mark + '(\\d+);"', "g"), function (_, n) { return found[n]; });
  return words === jx ? text.replace(/("(?:[^"\\]|\\.)*")(\s*:)?/g, function (whole, key, colon) {
    return colon && /^"[A-Za-z_$][\w$]*"$/.test(key) ? key.slice(1, -1) + colon : whole;
  }) : text;
}

var jx = { undefined: "undefined", function: "{_func:true}", NaN: "NaN", Infinity: "Infinity",
  "-Infinity": "-Infinity" };
var jc = { undefined: '{"_undef":true}', function: '{"_func":true}', NaN: '{"_nan":true}',
  Infinity: '{"_inf":true}', "-Infinity": '{"_ninf":true}' };

var decoders = {
  hex: function (text) {
    if (text.length % 2 || /[^\da-f]/i.test(text)) throw new TypeError("hex decode failed");
    return buffer((text.match(/../g) || []).map(function (two) { return parseInt(two, 16); }));
  },
  base64: function (text) {
    text = text.replace(/\s/g, "");
    if (text.length % 4 === 1 || !/^[A-Za-z\d+/]*={0,2}$/.test(text)) {
      throw new TypeError("base64 decode failed");
    }
    var to = [], bits = 0, count = 0;
    text.replace(/=/g, "").split("").forEach(function (c) {
      bits = ((bits << 6) | base64.indexOf(c)) & 0xffff;
      count += 6;
      if (count >= 8) to.push((bits >> (count -= 8)) & 255);
    });
    return buffer(to);
  },
};

function coder(coders) {
  return function (format, value) {
    if (!Object.prototype.hasOwnProperty.call(coders, format)) {
      throw new TypeError("unknown format: " + format);
    }
    return coders[format].apply(null, Array.prototype.slice.call(arguments, 1));
  };
}

exports.enc = coder(encoders);
exports.dec = coder(decoders);
