package io.tidewatch.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.command.agent.AgentPage;
import io.tidewatch.command.agent.Verb;
import io.tidewatch.command.doctor.DoctorVerb;
import io.tidewatch.command.doctor.ServerExamination;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DocumentationTest {
    private static final Pattern HELP = Pattern.compile(" {2}(\\d+) +(.+)");
    private static final Pattern ROW = Pattern.compile("\\| `([a-z]+)` \\| (\\d+) \\| (.+) \\|");
    private static final Pattern SUBJECT = Pattern.compile("\\| `([a-z]+)` \\| [^|]*[a-z][^|]* \\|");

    @Test
    void readmeHasTheExitCodesOfTheHelp() throws Exception {
        List<String> told = new ArrayList<>();
        for (Verb verb : Main.VERBS) {
            String help = verb.help();
            help.substring(help.indexOf("Exit codes")).lines().forEach(line -> {
                Matcher matcher = HELP.matcher(line);
                if (matcher.matches()) {
                    told.add(verb.name() + " " + matcher.group(1) + " " + matcher.group(2));
                }
            });
        }
        List<String> documented = readme().map(ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> row.group(1) + " " + row.group(2) + " " + row.group(3))
                .toList();

        assertThat(documented).isEqualTo(told).hasSizeGreaterThan(10);
    }

    @Test
    void helpAndReadmeHaveTheSubjectsOfTheDoctor() throws Exception {
        List<String> documented = readme().map(SUBJECT::matcher)
                .filter(Matcher::matches)
                .map(row -> row.group(1))
                .distinct()
                .toList();
        List<String> subjects = List.of(
                "folders",
                "configuration",
                "permissions",
                "disk",
                "database",
                "profile",
                "agent",
                "server",
                "token",
                "clock",
                "duplicates");

        assertThat(documented).isEqualTo(subjects);
        assertThat(subjects)
                .allMatch(subject -> new DoctorVerb().help().contains("\n  " + subject + " "))
                .containsAll(Arrays.stream(SetupFault.values())
                        .map(SetupFault::subject)
                        .toList());
    }

    @Test
    void helpFitsATerminal() {
        for (Verb verb : Main.VERBS) {
            assertThat(verb.help().lines()).allMatch(line -> line.length() <= 112);
            assertThat(verb.help()).startsWith("tidewatch " + verb.name() + ": ");
        }
    }

    @Test
    void repeatsTheDefaultsOfTheAgent() throws Exception {
        // The samples are compared with the code of their bundles there.
        assertThat(sample("tidewatch.health")).contains("#address = " + AgentPage.DEFAULT_ADDRESS);
        assertThat(sample("tidewatch.clockskew")).contains("#warn.threshold = " + ServerExamination.CLOCK_DEFAULT);
    }

    private static List<String> sample(String pid) throws Exception {
        return Files.readAllLines(Path.of("../../config", pid + ".cfg"));
    }

    private static Stream<String> readme() throws Exception {
        return Files.readAllLines(Path.of("README.md")).stream();
    }
}
