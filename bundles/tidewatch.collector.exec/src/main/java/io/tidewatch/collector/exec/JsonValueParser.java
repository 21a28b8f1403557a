package io.tidewatch.collector.exec;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.json.JsonPath;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * Reads the key {@code values}: {@code path : name} pairs separated by commas, with labels as in
 * {@code links[*].bitrate : link_bitrate{link=links[*].name}}. Fields with other characters than those of names stand in double
 * quotes.
 */
final class JsonValueParser extends SettingScanner {
    private static final String ACCEPTED = "path : name pairs separated by commas, as in uplink.rtt_ms : srt_rtt_ms,"
            + " links[*].bitrate : link_bitrate{link=links[*].name}";
    private static final String OF_SYNTAX = ".,:{}[]\"=";
    private static final int MOST_STEPS = 50;
    private static final int MOST_DIGITS = 6;

    private JsonValueParser(String key, String value) {
        super(key, value, ACCEPTED);
    }

    /** @throws InvalidSettingException if it does not follow the syntax; the message names the place */
    static List<JsonValue> parse(String key, String value) {
        JsonValueParser parser = new JsonValueParser(key, value);
        List<JsonValue> values = new ArrayList<>();
        if (!parser.atEnd()) {
            do {
                values.add(parser.pair());
            } while (parser.takes(','));
            if (!parser.atEnd()) {
                throw parser.refused("a comma before the next pair");
            }
        }
        return values;
    }

    private JsonValue pair() {
        JsonPath path = path();
        expect(':', "a colon and the name of the metric");
        String name = name(JsonValueParser::isOfName, "the name of a metric, of letters, digits, _ and :");
        SortedMap<String, JsonPath> labels = new TreeMap<>();
        if (takes('{')) {
            do {
                label(path, labels);
            } while (takes(','));
            expect('}', "a comma or } after the label");
        }
        return new JsonValue(path, name, labels);
    }

    private void label(JsonPath path, SortedMap<String, JsonPath> labels) {
        skipBlanks();
        int begin = position;
        String name = name(c -> c != ':' && isOfName(c), "the name of a label, of letters, digits and _");
        if (name.equals("device_id") || labels.containsKey(name)) {
            throw refused(
                    begin,
                    "another label, as " + name + (name.equals("device_id") ? " is the device's" : " stands twice"));
        }
        expect('=', "= and the path of its value");
        skipBlanks();
        int where = position;
        JsonPath source = path();
        if (!path.beginsWith(source.toLastElement())) {
            throw refused(where, "a path that begins as " + path + " does, up to its last [*]");
        }
        labels.put(name, source);
    }

    private JsonPath path() {
        List<JsonPath.Step> steps = new ArrayList<>();
        skipBlanks();
        steps.add(peeks('[') ? element() : field());
        while (steps.size() <= MOST_STEPS) {
            if (peeks('[')) {
                steps.add(element());
            } else if (takes('.')) {
                steps.add(field());
            } else {
                return new JsonPath(steps);
            }
        }
        throw refused("a path of at most " + MOST_STEPS + " steps");
    }

    private JsonPath.Field field() {
        skipBlanks();
        if (peeks('"')) {
            return new JsonPath.Field(quoted());
        }
        int begin = position;
        skipWhile(c -> OF_SYNTAX.indexOf(c) < 0 && !Character.isWhitespace(c));
        if (position == begin) {
            throw refused("the name of a field, in double quotes if it has one of " + OF_SYNTAX);
        }
        return new JsonPath.Field(value.substring(begin, position));
    }

    private JsonPath.Step element() {
        expect('[', "[");
        if (takes('*')) {
            expect(']', "]");
            return new JsonPath.Each();
        }
        skipBlanks();
        int begin = position;
        skipWhile(c -> c >= '0' && c <= '9');
        if (position == begin || position - begin > MOST_DIGITS) {
            throw refused(begin, "the number of an element from 0, or *");
        }
        int index = Integer.parseInt(value.substring(begin, position));
        expect(']', "]");
        return new JsonPath.Index(index);
    }

    private String name(IntPredicate accepted, String expected) {
        skipBlanks();
        int begin = position;
        skipWhile(accepted);
        String name = value.substring(begin, position);
        if (name.isEmpty() || Character.isDigit(name.charAt(0))) {
            throw refused(begin, expected);
        }
        return name;
    }

    private static boolean isOfName(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
    }

    private void skipBlanks() {
        skipWhile(Character::isWhitespace);
    }

    private boolean atEnd() {
        skipBlanks();
        return position == value.length();
    }

    private boolean peeks(char c) {
        skipBlanks();
        return position < value.length() && value.charAt(position) == c;
    }

    private boolean takes(char c) {
        boolean there = peeks(c);
        position += there ? 1 : 0;
        return there;
    }

    private void expect(char c, String expected) {
        if (!takes(c)) {
            throw refused(expected);
        }
    }

    private InvalidSettingException refused(String expected) {
        return refused(position, expected);
    }
}
