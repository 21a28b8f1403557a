package io.tidewatch.page.query;

import io.tidewatch.jsonlines.WireLabels;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses selectors, joined by {@code or}, in parentheses or not.
 *
 * <p>Source: <a href="https://prometheus.io/docs/prometheus/latest/querying/basics/">querying basics</a> of Prometheus:
 * instant vector selectors and string literals. Not safe for use by several threads.
 */
final class SelectorParser {
    private static final String ACCEPTED =
            "; accepted are selectors such as load_1m or network_rx_bytes_total{interface=~\"wwan.*\"}, joined by or,"
                    + " without functions, operators and ranges";

    private static final Pattern NAME = Pattern.compile("[A-Za-z_:][A-Za-z0-9_:]*");
    private static final Pattern LABEL = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern OPERATOR = Pattern.compile("=~|!~|!=|=");

    /** So deep may parentheses be nested. */
    private static final int DEPTH = 20;

    private final String text;
    private int at;

    SelectorParser(String text) {
        this.text = text;
    }

    Selector parse() throws BadQueryException {
        List<List<LabelMatcher>> alternatives = new ArrayList<>();
        union(alternatives, 0);
        if (at < text.length()) {
            throw wrong("'" + text.charAt(at) + "' is not expected there");
        }
        return new Selector(alternatives);
    }

    private void union(List<List<LabelMatcher>> alternatives, int depth) throws BadQueryException {
        do {
            if (take("(")) {
                if (depth == DEPTH) {
                    throw wrong("parentheses are nested more than " + DEPTH + " deep");
                }
                union(alternatives, depth + 1);
                expect(")");
            } else {
                alternatives.add(selector());
            }
        } while (takeWord("or"));
    }

    private List<LabelMatcher> selector() throws BadQueryException {
        List<LabelMatcher> matchers = new ArrayList<>();
        int begin = at;
        String name = token(NAME);
        if (!name.isEmpty()) {
            matchers.add(LabelMatcher.of(WireLabels.NAME, "=", name));
        }
        if (take("{")) {
            while (!take("}")) {
                matchers.add(matcher());
                if (!take(",")) {
                    expect("}");
                    break;
                }
            }
        }
        if (matchers.isEmpty() && name.isEmpty() && begin == at) {
            throw wrong("a name of a metric or '{' is expected there");
        }
        if (matchers.stream().allMatch(LabelMatcher::acceptsAbsence)) {
            throw new BadQueryException("a selector needs a name, or a label that must not be empty" + ACCEPTED);
        }
        return matchers;
    }

    private LabelMatcher matcher() throws BadQueryException {
        String label = token(LABEL);
        if (label.isEmpty()) {
            throw wrong("a name of a label is expected there");
        }
        String operator = token(OPERATOR);
        if (operator.isEmpty()) {
            throw wrong("=, !=, =~ or !~ is expected there");
        }
        return LabelMatcher.of(label, operator, string());
    }

    private String string() throws BadQueryException {
        skipSpace();
        char quote = at < text.length() ? text.charAt(at) : ' ';
        if (quote != '"' && quote != '\'' && quote != '`') {
            throw wrong("a value in quotes is expected there");
        }
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == quote) {
                at++;
                skipSpace();
                return value.toString();
            }
            if (c == '\\' && quote != '`') {
                at++;
                value.append(escaped());
            } else {
                value.append(c);
            }
        }
        throw wrong("the quotes are not closed");
    }

    private char escaped() throws BadQueryException {
        char c = at < text.length() ? text.charAt(at) : ' ';
        return switch (c) {
            case '\\', '"', '\'' -> c;
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            default -> throw wrong("\\\\, \\\", \\', \\n, \\t or \\r is expected there");
        };
    }

    private String token(Pattern pattern) {
        skipSpace();
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            return "";
        }
        at = matcher.end();
        skipSpace();
        return matcher.group();
    }

    private boolean takeWord(String word) {
        int before = at;
        if (token(NAME).equalsIgnoreCase(word)) {
            return true;
        }
        at = before;
        return false;
    }

    private boolean take(String symbol) {
        skipSpace();
        if (!text.startsWith(symbol, at)) {
            return false;
        }
        at += symbol.length();
        skipSpace();
        return true;
    }

    private void expect(String symbol) throws BadQueryException {
        if (!take(symbol)) {
            throw wrong("'" + symbol + "' is expected there");
        }
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private BadQueryException wrong(String what) {
        return new BadQueryException("the query is wrong at character " + (at + 1) + ": " + what + ACCEPTED);
    }
}
