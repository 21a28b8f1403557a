package io.tidewatch.page.query;

import io.tidewatch.api.store.Series;
import io.tidewatch.jsonlines.WireLabels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Selects series by their labels: lists of conditions, of which one must be fulfilled. Immutable. */
public final class Selector {
    private final List<List<LabelMatcher>> alternatives;

    Selector(List<List<LabelMatcher>> alternatives) {
        this.alternatives = List.copyOf(alternatives);
    }

    /** @throws BadQueryException if it is none; the message names the place */
    public static Selector parse(String text) throws BadQueryException {
        ExpressionSize.check(text);
        return new Parser(text).parse();
    }

    /** One that accepts what one of these does. */
    public static Selector anyOf(Collection<String> texts) throws BadQueryException {
        ExpressionSize.check(String.join(" ", texts));
        List<List<LabelMatcher>> all = new ArrayList<>();
        for (String text : texts) {
            all.addAll(parse(text).alternatives);
        }
        return new Selector(all);
    }

    public static Selector everything() {
        return new Selector(List.of(List.of()));
    }

    /** All labels that a series has on a server, with {@code __name__} and {@code device_id}. */
    public static SortedMap<String, String> labels(Series series) {
        SortedMap<String, String> labels = WireLabels.ofTags(series);
        labels.put(WireLabels.NAME, WireLabels.metricName(series));
        labels.put(WireLabels.DEVICE, series.deviceId());
        return labels;
    }

    /** @param labels those of {@link #labels(Series)} */
    public boolean accepts(Map<String, String> labels) {
        return alternatives.stream()
                .anyMatch(matchers -> matchers.stream().allMatch(matcher -> matcher.accepts(labels)));
    }

    /**
     * Parses a selector. Within its braces there may be several lists of conditions, joined by {@code or}: in PromQL {@code or}
     * between selectors would hide series of the second that differ from the first by their name only.
     *
     * <p>Source: <a href="https://prometheus.io/docs/prometheus/latest/querying/basics/">querying basics</a> of Prometheus:
     * instant vector selectors and string literals; <a href="https://docs.victoriametrics.com/keyconcepts/">key concepts</a>
     * of VictoriaMetrics: filtering by multiple "or" filters. Not safe for use by several threads.
     */
    private static final class Parser {
        private static final String ACCEPTED =
                "; accepted are selectors such as network_rx_bytes_total{interface=~\"wwan.*\"} and {__name__=\"load_1m\" or"
                        + " __name__=\"load_5m\"}, without functions, operators and ranges";

        private static final Pattern NAME = Pattern.compile("[A-Za-z_:][A-Za-z0-9_:]*");
        private static final Pattern LABEL = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
        private static final Pattern OPERATOR = Pattern.compile("=~|!~|!=|=");

        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        Selector parse() throws BadQueryException {
            String name = token(NAME);
            List<List<LabelMatcher>> alternatives = new ArrayList<>();
            if (take("{")) {
                do {
                    alternatives.add(conditions(name));
                } while (takeWord("or"));
                if (!take("}")) {
                    throw wrong("'}' is expected there");
                }
            } else if (!name.isEmpty()) {
                alternatives.add(List.of(LabelMatcher.of(WireLabels.NAME, "=", name)));
            } else {
                throw wrong("a name of a metric or '{' is expected there");
            }
            if (at < text.length()) {
                throw wrong("'" + text.charAt(at) + "' is not expected there");
            }
            return new Selector(alternatives);
        }

        /** Conditions on labels up to {@code or} or the end of the braces. */
        private List<LabelMatcher> conditions(String name) throws BadQueryException {
            List<LabelMatcher> matchers = new ArrayList<>();
            if (!name.isEmpty()) {
                matchers.add(LabelMatcher.of(WireLabels.NAME, "=", name));
            }
            while (at < text.length() && text.charAt(at) != '}') {
                matchers.add(matcher());
                if (!take(",")) {
                    break;
                }
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

        private void skipSpace() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }

        private BadQueryException wrong(String what) {
            return new BadQueryException("the query is wrong at character " + (at + 1) + ": " + what + ACCEPTED);
        }
    }
}
