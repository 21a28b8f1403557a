package io.tidewatch.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.testing.config.OddFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CheckToolTest {
    @TempDir
    Path folder;

    /** As the agent: those of editors while a file is open. */
    @Test
    void hiddenFilesAreNotRead() throws IOException {
        Files.writeString(folder.resolve(".one.cfg"), "interval = 5s\n");
        Files.createSymbolicLink(folder.resolve(".#two.cfg"), Path.of("user@host.4711"));
        StringWriter out = new StringWriter();
        assertThat(new CheckTool().run(new PrintWriter(out), new PrintWriter(out), folder.toString()))
                .isZero();
        assertThat(out).hasToString(folder + ": no .cfg files; every bundle would run on its defaults\n");
    }

    @ParameterizedTest
    @EnumSource(OddFile.class)
    void whatIsNoFileIsNamedAsTheAgentDoes(OddFile odd) throws Exception {
        for (String name : List.of("profile", "test.one.cfg")) {
            odd.make(folder.resolve(name));
        }
        StringWriter out = new StringWriter();
        assertThat(new CheckTool().run(new PrintWriter(out), new PrintWriter(out), folder.toString()))
                .isEqualTo(78);
        String problem = ": cannot be read (" + odd.reason() + "); put a readable file in its place\n";
        assertThat(out)
                .hasToString(folder + "/profile" + problem + folder + "/test.one.cfg" + problem + "2 problems\n");
    }

    @Test
    void anEmptiedProfileIsNamedAsTheAgentDoes() throws IOException {
        Files.writeString(folder.resolve("profile"), "\0\0\0\0\0\0\0\0");
        StringWriter out = new StringWriter();
        assertThat(new CheckTool().run(new PrintWriter(out), new PrintWriter(out), folder.toString()))
                .isEqualTo(78);
        assertThat(out.toString())
                .startsWith(folder + "/profile: is empty, as after a power cut; write the name of a profile, or remove"
                        + " the file\n");
    }

    @Test
    void aShippedProfileThatCannotBeReadIsNamedAndTheFilesAreCheckedAsWell(@TempDir Path home) throws IOException {
        Files.createDirectories(home.resolve("lib/profiles/broken/tidewatch.one.cfg"));
        Files.writeString(folder.resolve("profile"), "broken\n");
        Files.writeString(folder.resolve("test.one.cfg"), "\0\0\0\0");
        StringWriter out = new StringWriter();
        System.setProperty("tidewatch.home", home.toString());
        try {
            assertThat(new CheckTool().run(new PrintWriter(out), new PrintWriter(out), folder.toString()))
                    .isEqualTo(78);
        } finally {
            System.clearProperty("tidewatch.home");
        }
        assertThat(out.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith(folder + "/profile: cannot be read ("),
                        line -> assertThat(line).startsWith(folder + "/test.one.cfg: is empty"),
                        line -> assertThat(line).isEqualTo("2 problems"));
    }
}
