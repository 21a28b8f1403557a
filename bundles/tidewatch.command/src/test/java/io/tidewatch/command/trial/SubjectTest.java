package io.tidewatch.command.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.command.console.CommandException;
import io.tidewatch.command.trial.Subject.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubjectTest {
    @TempDir
    Path folder;

    @Test
    void knowsCollectorsByTheirNames() throws Exception {
        assertThat(of("cpu")).isEqualTo(new Subject(Source.NAMED, "cpu", Map.of(), false));
        assertThat(of("--json", "scrape-node.1")).isEqualTo(new Subject(Source.NAMED, "scrape-node.1", Map.of(), true));
    }

    @Test
    void knowsPagesByTheirScheme() throws Exception {
        String socket = "unix:/run/x.sock:/metrics";

        assertThat(of("http://127.0.0.1:9100/metrics", "--max.series=10"))
                .isEqualTo(new Subject(
                        Source.PAGE, "", Map.of("url", "http://127.0.0.1:9100/metrics", "max.series", "10"), false));
        assertThat(of(socket).settings()).containsExactly(Map.entry("url", socket));
    }

    @Test
    void knowsFilesFoldersAndJars() throws Exception {
        Path file = Files.writeString(folder.resolve("a.prom"), "a 1\n");
        Path jar = Files.writeString(folder.resolve("b.jar"), "");

        assertThat(of(file.toString())).isEqualTo(new Subject(Source.FILE, file.toString(), Map.of(), false));
        assertThat(of(folder.toString())).isEqualTo(new Subject(Source.FILE, folder.toString(), Map.of(), false));
        assertThat(of(jar.toString())).isEqualTo(new Subject(Source.JAR, jar.toString(), Map.of(), false));
    }

    @Test
    void refusesFilesThatAreNotThere() {
        for (String missing : List.of("missing.prom", "missing.jar")) {
            assertThatThrownBy(() -> of(folder.resolve(missing).toString()))
                    .hasMessage(folder.resolve(missing) + " is not there.")
                    .isInstanceOfSatisfying(CommandException.class, e -> assertThat(e.exitCode())
                            .isEqualTo(66));
        }
    }

    @Test
    void takesTheCommandAsItStandsAndFindsTheProgram() throws Exception {
        Path program = Files.createFile(
                folder.resolve("probe"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));

        Subject subject = of("--format=value", "--", "probe", "--help", "--json", "a \"b\" \\c", "|");

        assertThat(subject.source()).isEqualTo(Source.COMMAND);
        assertThat(subject.json()).isFalse();
        assertThat(subject.settings())
                .containsEntry("format", "value")
                .containsEntry("command", "\"" + program + "\" \"--help\" \"--json\" \"a \\\"b\\\" \\\\c\" \"|\"");
        assertThatThrownBy(() -> of("--", "prob")).hasMessage("There is no program 'prob' to run.");
    }

    private Subject of(String... arguments) throws CommandException {
        return Subject.of(new TryVerb(), List.of(arguments), "/nowhere:" + folder);
    }
}
