package io.tidewatch.command.migrate;

import io.tidewatch.command.console.DisplayText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads a YAML file of one document: YAML 1.2 with the merge key {@code <<} of 1.1. Refuses keys that are there twice, and
 * what only means harm: aliases that multiply, nodes within themselves, depths that no configuration has. Nothing of a value
 * is interpreted. The only class that knows the YAML library.
 *
 * <p>Source: https://yaml.org/spec/1.2.2, https://yaml.org/type/merge.html
 */
final class YamlFile {
    private static final String MERGE = "<<";
    private static final int LARGEST = 1 << 20;
    private static final int MOST_ALIASES = 50;
    private static final int MOST_NODES = 100_000;
    private static final int DEEPEST = 64;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    /** A file is no YAML, or not of the subset that is accepted. */
    static final class Mistake extends Exception {
        private static final long serialVersionUID = 1L;

        /** From 1. */
        final int line;

        Mistake(int line, String message) {
            super(message);
            this.line = line;
        }
    }

    private final Set<Node> within = Collections.newSetFromMap(new IdentityHashMap<>());
    private int nodes;

    private YamlFile() {}

    /**
     * @param content in UTF-8, up to 1 MiB
     * @return nothing if there are comments at most
     * @throws Mistake if it cannot be read; the message has nothing of a value
     */
    static Optional<YamlNode> read(byte[] content) throws Mistake {
        if (content.length > LARGEST) {
            throw new Mistake(1, "is larger than 1 MiB, and no configuration");
        }
        String text = decoded(content);
        LoadSettings settings = LoadSettings.builder()
                .setUseMarks(true)
                .setParseComments(false)
                .setMaxAliasesForCollections(MOST_ALIASES)
                .setCodePointLimit(LARGEST)
                .build();
        try {
            refuseDepth(new Parse(settings).parseString(text));
            Optional<Node> root = new Compose(settings).composeString(text);
            return root.isEmpty() ? Optional.empty() : Optional.of(new YamlFile().node(root.get()));
        } catch (MarkedYamlEngineException e) {
            throw new Mistake(
                    line(e.getProblemMark().or(e::getContextMark)),
                    "is no YAML: " + DisplayText.plain(String.valueOf(e.getProblem())));
        } catch (YamlEngineException e) {
            throw new Mistake(1, "is no YAML: " + DisplayText.plain(String.valueOf(e.getMessage())));
        }
    }

    private static String decoded(byte[] content) throws Mistake {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new Mistake(1, "is not UTF-8; save it in that encoding");
        }
    }

    /** Before anything is built of it, which recurs. */
    private static void refuseDepth(Iterable<Event> events) throws Mistake {
        int depth = 0;
        for (Event event : events) {
            switch (event.getEventId()) {
                case MappingStart, SequenceStart -> depth++;
                case MappingEnd, SequenceEnd -> depth--;
                default -> {}
            }
            if (depth > DEEPEST) {
                throw new Mistake(line(event.getStartMark()), "is nested deeper than " + DEEPEST + " levels");
            }
        }
    }

    private YamlNode node(Node node) throws Mistake {
        int line = line(node.getStartMark());
        nodes++;
        if (nodes > MOST_NODES) {
            throw new Mistake(line, "has aliases that make more than " + MOST_NODES + " values of it");
        }
        if (node instanceof ScalarNode scalar) {
            return new YamlNode.Scalar(line, scalar.getValue(), scalar.getScalarStyle() == ScalarStyle.PLAIN);
        }
        if (!within.add(node)) {
            throw new Mistake(line, "has an alias that stands within what it stands for");
        }
        try {
            return node instanceof SequenceNode sequence ? items(sequence) : mapping((MappingNode) node);
        } finally {
            within.remove(node);
        }
    }

    private YamlNode.Items items(SequenceNode sequence) throws Mistake {
        List<YamlNode> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            items.add(node(item));
        }
        return new YamlNode.Items(line(sequence.getStartMark()), items);
    }

    private YamlNode.Mapping mapping(MappingNode mapping) throws Mistake {
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        List<YamlNode.Entry> merged = new ArrayList<>();
        for (NodeTuple tuple : mapping.getValue()) {
            int line = line(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new Mistake(line, "has a key that is no plain text");
            }
            YamlNode value = node(tuple.getValueNode());
            if (key.getValue().equals(MERGE) && key.getScalarStyle() == ScalarStyle.PLAIN) {
                merge(line, value, merged);
                continue;
            }
            YamlNode.Entry earlier = entries.put(key.getValue(), new YamlNode.Entry(line, key.getValue(), value));
            if (earlier != null) {
                throw new Mistake(
                        line,
                        "'" + DisplayText.plain(key.getValue()) + "' is there twice, first in line " + earlier.line());
            }
        }
        merged.forEach(entry -> entries.putIfAbsent(entry.key(), entry));
        return new YamlNode.Mapping(line(mapping.getStartMark()), List.copyOf(entries.values()));
    }

    private static void merge(int line, YamlNode value, List<YamlNode.Entry> merged) throws Mistake {
        for (YamlNode each : value instanceof YamlNode.Items list ? list.items() : List.of(value)) {
            if (!(each instanceof YamlNode.Mapping mapping)) {
                throw new Mistake(line, "merges what has no keys");
            }
            merged.addAll(mapping.entries());
        }
    }

    private static int line(Optional<Mark> mark) {
        return mark.map(Mark::getLine).orElse(0) + 1;
    }
}
