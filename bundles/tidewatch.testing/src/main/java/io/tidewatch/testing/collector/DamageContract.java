package io.tidewatch.testing.collector;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.DiagnosticCollector;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * What every collector of kernel files keeps when one row, field or file of a valid tree is damaged: the samples of all
 * other rows are unchanged, whatever is missing is named, and the next pass on the valid tree is whole again. A jqwik test
 * of a collector implements this.
 */
public interface DamageContract {
    /** A word that no kernel writes. */
    String GARBAGE = "?#garbage";

    /** A number below 0 or a wrapped one, as drivers and kernels have written it. */
    String WRAPPED = "18446744073709346016";

    /**
     * @param file path in the tree
     * @param line number of the line, from 0
     * @param samples a regular expression over the keys of {@link RealMachine#valuesOf}
     */
    record Row(String file, int line, String samples) {
        /** A row of which no sample comes. */
        public static Row of(String file, int line) {
            return new Row(file, line, "none");
        }
    }

    enum Damage {
        GARBAGE_FIELD,
        WRAPPED_FIELD,
        SHORT_ROW,
        GARBAGE_ROW,
        CONTROL_CHARACTERS
    }

    /** Writes the valid tree of a pass, numbered from 0. */
    void write(FixtureTree tree, int pass) throws IOException;

    /** The collector on a tree, fresh. */
    Collector collector(ProcFs procFs);

    List<Row> rows();

    /** The damage that can be told from a valid row, in ways that are not the collector's own text. */
    default List<Damage> damages() {
        return List.of(Damage.values());
    }

    default int passesUntilComplete() {
        return 1;
    }

    /** One row in one way: the other rows do not notice. */
    @Property(tries = 150)
    default void aDamagedRowCostsItself(
            @ForAll @IntRange(max = 10_000) int row,
            @ForAll @IntRange(max = 10_000) int way,
            @ForAll @IntRange(max = 40) int field)
            throws Exception {
        Row victim = rows().get(row % rows().size());
        Damage damage = damages().get(way % damages().size());
        check(victim.samples(), (tree, root) -> {
            Path file = root.resolve(victim.file());
            List<String> lines = new ArrayList<>(Files.readAllLines(file));
            lines.set(victim.line(), damaged(lines.get(victim.line()), damage, field));
            tree.write(victim.file(), String.join("\n", lines) + "\n");
        });
    }

    /** One file that exists and cannot be read: the other files do not notice. */
    @Property(tries = 50)
    default void anUnreadableFileCostsItself(@ForAll @IntRange(max = 10_000) int row) throws Exception {
        String victim = rows().get(row % rows().size()).file();
        String samples = String.join(
                "|",
                rows().stream()
                        .filter(other -> other.file().equals(victim))
                        .map(other -> "(" + other.samples() + ")")
                        .toList());
        check(samples, (tree, root) -> tree.makeUnreadable(victim));
    }

    private void check(String victims, Change change) throws Exception {
        Path root = Files.createTempDirectory("damage");
        FixtureTree tree = FixtureTree.empty(root);
        try {
            Collector collector = collector(tree.procFs());
            int last = passesUntilComplete() - 1;
            pass(tree, collector, last);
            write(tree, last);
            Map<String, Double> whole = whole();
            change.make(tree, root);
            Map<String, Double> left = new TreeMap<>();
            List<Diagnostic> named = List.of();
            try {
                left = RealMachine.valuesOf(collector.collect());
                named = ((DiagnosticCollector) collector).diagnostics();
            } catch (IOException e) {
                // The only row, or the only file: there is nothing left to report.
                named = List.of(new Diagnostic(Diagnostic.Severity.DAMAGED, "source", String.valueOf(e.getMessage())));
            }
            Map<String, Double> others = new TreeMap<>(whole);
            others.keySet().removeIf(Pattern.compile(victims).asMatchPredicate());
            assertThat(left).as("the samples of the other rows").containsAllEntriesOf(others);
            assertThat(whole).as("no value is made up").containsAllEntriesOf(left);
            if (left.size() < whole.size()) {
                assertThat(named).as("what is missing is named").isNotEmpty();
            }
            afterwards(tree, collector, whole);
        } finally {
            tree.remove("");
        }
    }

    private void afterwards(FixtureTree tree, Collector collector, Map<String, Double> whole) throws Exception {
        List<String> files = rows().stream().map(Row::file).distinct().toList();
        for (String file : files) {
            tree.remove(file);
        }
        Map<String, Double> after = pass(tree, collector, passesUntilComplete());
        assertThat(after.keySet()).as("the passes after it").isEqualTo(whole.keySet());
        assertThat(((DiagnosticCollector) collector).diagnostics())
                .noneMatch(diagnostic -> diagnostic.severity() == Diagnostic.Severity.DAMAGED);
    }

    private Map<String, Double> whole() throws Exception {
        FixtureTree tree = FixtureTree.empty(Files.createTempDirectory("whole"));
        try {
            return pass(tree, collector(tree.procFs()), passesUntilComplete());
        } finally {
            tree.remove("");
        }
    }

    /** The samples of the last of these passes on the valid tree. */
    private Map<String, Double> pass(FixtureTree tree, Collector collector, int passes) throws Exception {
        Map<String, Double> values = Map.of();
        for (int pass = 0; pass < passes; pass++) {
            write(tree, pass);
            values = RealMachine.valuesOf(collector.collect());
        }
        return values;
    }

    private static String damaged(String row, Damage damage, int field) {
        String[] fields = row.strip().split("\\s+", -1);
        int chosen = field % fields.length;
        return switch (damage) {
            case GARBAGE_FIELD -> with(fields, chosen, GARBAGE);
            case WRAPPED_FIELD -> with(fields, chosen, WRAPPED);
            case SHORT_ROW -> String.join(" ", Arrays.copyOf(fields, Math.max(1, chosen)));
            case GARBAGE_ROW -> GARBAGE;
            case CONTROL_CHARACTERS -> "\u0000\u0001" + row;
        };
    }

    private static String with(String[] fields, int index, String text) {
        fields[index] = text;
        return String.join(" ", fields);
    }

    interface Change {
        void make(FixtureTree tree, Path root) throws IOException;
    }
}
