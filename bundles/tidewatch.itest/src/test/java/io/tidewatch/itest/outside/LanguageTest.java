package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * One word for one thing: the words on the left are in no page, comment, message, key or log line. {@code docs/glossary.md}
 * has those to use instead.
 */
class LanguageTest {
    private static final Path ROOT = Path.of("../..");
    private static final Pattern READ = Pattern.compile(
            "([^/]+\\.md|(docs|config|systemd)/.*\\.(md|cfg|service)|bundles/[^/]+/(README\\.md|src/main/.*\\.java))");

    /** Pattern, and what to write. */
    private static final Map<String, String> FORBIDDEN = new TreeMap<>(Map.ofEntries(
            Map.entry("sets? aside|setting aside", "quarantine"),
            Map.entry("holds? back|held back", "quarantine"),
            Map.entry("will never take", "refuses for good"),
            Map.entry("mend(s|ed|ing)?", "fix"),
            Map.entry("(how )?it fares", "status"),
            Map.entry("for ever", "indefinitely"),
            Map.entry("hand(s|ed)? out|handouts?", "return, in-flight delivery"),
            Map.entry("what (became|becomes) of", "result, outcome"),
            Map.entry("for want of", "without, because … is missing"),
            Map.entry("br(eaks?|oke) off|broken off", "fails, aborts"),
            Map.entry("in vain", "without an answer, without success"),
            Map.entry("tr(y|ies) (their|its) luck", "tries"),
            Map.entry("settlements?", "outcome"),
            Map.entry("ledgers?", "backlog"),
            Map.entry("passed over", "skipped"),
            Map.entry("cuts? the log", "truncate or empty the WAL"),
            Map.entry("leapt", "jumped"),
            Map.entry("couriers?", "chunk sender"),
            Map.entry("drain cycles?", "upload cycle"),
            Map.entry("isolat(e|es|ed|ing)", "bisect"),
            Map.entry("poison(s|ed)?", "bad sample"),
            Map.entry("judges?|judged", "validate"),
            Map.entry("parted by", "separated by"),
            Map.entry("tells? by itself", "report")));

    /** The same for main code alone. */
    private static final Map<String, String> FORBIDDEN_IN_CODE = new TreeMap<>(Map.ofEntries(
            Map.entry("whoever", "the caller, the operator, or the component"),
            Map.entry("(any|every) ?body|somebody|nobody", "anyone, everyone, none, or the component"),
            Map.entry("told apart|tells? (\\w+ ){1,4}apart", "identify, distinguish"),
            Map.entry("what there is (to|now)", "name the thing"),
            Map.entry("in a hurry|as ever|thrown away", "plain words")));

    @Test
    void forbiddenWordsStandNowhere() throws IOException {
        List<String> found = new ArrayList<>();
        int read = 0;
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = ROOT.relativize(file).toString();
                if (READ.matcher(name).matches()) {
                    read++;
                    found.addAll(wrongWordsOf(name, Files.readString(file)));
                }
            }
        }
        assertThat(read).isGreaterThan(400);
        assertThat(found).isEmpty();
    }

    @Test
    void findsAWordWhereverItStands() {
        assertThat(wrongWordsOf("a.md", "fine\nIt is Set aside, for everybody.\n"))
                .containsExactly("a.md:2: 'Set aside': write quarantine");
        assertThat(wrongWordsOf("A.java", "log(\"tried for ever\"); // what became of it"))
                .containsExactly(
                        "A.java:1: 'for ever': write indefinitely",
                        "A.java:1: 'what became of': write result, outcome");
        assertThat(wrongWordsOf("A.java", "// for whoever asks")).hasSize(1);
        assertThat(wrongWordsOf("a.md", "for whoever asks")).isEmpty();
    }

    private static List<String> wrongWordsOf(String name, String text) {
        List<String> found = new ArrayList<>();
        Map<String, String> words = new TreeMap<>(FORBIDDEN);
        if (name.endsWith(".java")) {
            words.putAll(FORBIDDEN_IN_CODE);
        }
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            for (Map.Entry<String, String> word : words.entrySet()) {
                var matcher = Pattern.compile("\\b(" + word.getKey() + ")\\b", Pattern.CASE_INSENSITIVE)
                        .matcher(lines[i]);
                while (matcher.find()) {
                    found.add(name + ":" + (i + 1) + ": '" + matcher.group() + "': write " + word.getValue());
                }
            }
        }
        return found;
    }
}
