package io.tidewatch.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.export.ExportMain;
import io.tidewatch.testing.config.OddFile;
import io.tidewatch.testing.server.ImportLines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ExportMainTest {
    @TempDir
    Path folder;

    private Path file;
    private Path output;
    private String told = "";

    @BeforeEach
    void place() {
        file = folder.resolve("metrics.db");
        output = folder.resolve("out.jsonl.gz");
    }

    @Test
    void exportsTheDatabaseOfTheStateFolder() throws Exception {
        fill(20);

        assertThat(run(List.of("--output", output.toString()), Map.of("TIDEWATCH_STATE", folder.toString())))
                .isZero();

        assertThat(told).contains(output + ": 40 samples of 2 series in 2 lines, " + Files.size(output) + " bytes");
        assertThat(ImportLines.decodeGzip(Files.readAllBytes(output))).hasSize(40);
    }

    @Test
    void writesIntoAPipe() throws Exception {
        fill(20);
        ByteArrayOutputStream piped = new ByteArrayOutputStream();
        ByteArrayOutputStream messages = new ByteArrayOutputStream();

        int code = ExportMain.run(
                List.of("--output", "-", "--database", file.toString()),
                Map.of(),
                ManySamples.CLOCK,
                new PrintStream(piped, true, StandardCharsets.UTF_8),
                new PrintStream(messages, true, StandardCharsets.UTF_8));

        assertThat(code).isZero();
        assertThat(ImportLines.decodeGzip(piped.toByteArray())).hasSize(40);
        assertThat(messages.toString(StandardCharsets.UTF_8))
                .startsWith("standard output: 40 samples of 2 series in 2 lines, " + piped.size() + " bytes");
        assertThat(Path.of("-")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"Broken pipe, broken pipe", "No space left on device, no space left on device"})
    void anOutputThatCannotBeWrittenIsNamed(String thrown, String said) throws Exception {
        fill(20);
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(thrown);
            }
        };

        int code = ExportMain.run(
                List.of("--output", "-", "--database", file.toString()),
                Map.of(),
                ManySamples.CLOCK,
                out,
                new PrintStream(messages, true, StandardCharsets.UTF_8));

        assertThat(code).isEqualTo(73);
        assertThat(messages.toString(StandardCharsets.UTF_8)).contains("Writing to standard output failed: " + said);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-01T11:59:50Z, 2026-03-01T11:59:55Z, 10",
        "2026-03-01T12:59:50+01:00, 5s, 10",
        "10s, 5s, 10",
        "1d, 0s, 40",
        "2026-03-01T11:59:59.001Z, 0s, 0",
    })
    void takesMomentsAndTimesAgo(String from, String until, int samples) throws Exception {
        fill(20);

        assertThat(exportWith("--from", from, "--until", until)).as(told).isZero();

        assertThat(ImportLines.decodeGzip(Files.readAllBytes(output))).hasSize(samples);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--from yesterday | --from is 'yesterday'; accepted are a moment such as",
                "--from 2026-03-01 | --from is '2026-03-01'; accepted are",
                "--until | --until needs a value",
                "--from 5s --until 10s | is not before --until",
                "--compress | Unknown option '--compress'",
            })
    void saysWhatIsWrongWithTheCommandLine(String arguments, String message) throws Exception {
        fill(1);

        assertThat(exportWith(arguments.split(" ", -1))).isEqualTo(64);

        assertThat(told).contains(message, "--help").hasLineCount(1);
        assertThat(output).doesNotExist();
    }

    @Test
    void wantsToKnowTheFileToWrite() {
        assertThat(run(List.of("--database", file.toString()), Map.of())).isEqualTo(64);
        assertThat(told).contains("--output is missing");
    }

    @Test
    void helpTellsOptionsAndExitCodes() {
        assertThat(run(List.of("--help"), Map.of())).isZero();
        assertThat(told).contains("--from", "--until", "--pending", "--database", "--output", "64", "66", "73");
    }

    @Test
    void createsNoDatabase() {
        assertThat(exportWith()).isEqualTo(66);
        assertThat(told).contains("There is no database " + file);
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CREATE TABLE recipes(id) | is a database of another program",
                "CREATE TABLE schema_version(version); INSERT INTO schema_version VALUES (5); CREATE TABLE metrics(id)"
                        + " | original agent; start this agent on it once",
                "PRAGMA application_id=1414087749; CREATE TABLE schema_version(version); INSERT INTO schema_version VALUES (900)"
                        + " | has schema 900, this version knows no later one",
            })
    void refusesOtherDatabasesAndLeavesThemAsTheyAre(String sql, String message) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
        byte[] before = Files.readAllBytes(file);

        assertThat(exportWith()).isEqualTo(66);

        assertThat(told).contains(message).hasLineCount(1);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(folder).isDirectoryNotContaining("glob:**.gz*");
    }

    @Test
    void saysWhyTheFileCannotBeWritten() throws Exception {
        fill(1);
        output = folder.resolve("nowhere/out.jsonl.gz");
        assertThat(exportWith()).isEqualTo(73);
        assertThat(told).contains("nowhere", "Check that its folder exists");

        output = folder.resolve("metrics.db-wal");
        assertThat(exportWith()).isEqualTo(73);
        assertThat(told).contains("would be taken for a file of the database");

        output = folder;
        assertThat(exportWith()).isEqualTo(73);
        assertThat(told).contains("is a folder");
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoRegularFileStays(OddFile odd) throws Exception {
        fill(1);
        output = odd.make(folder.resolve("odd"));
        FileTime before = Files.getLastModifiedTime(output, LinkOption.NOFOLLOW_LINKS);

        assertThat(exportWith()).isEqualTo(73);

        assertThat(told)
                .startsWith("tidewatch ")
                .contains(
                        odd == OddFile.FOLDER
                                ? output + " is a folder; name a file in it"
                                : " cannot be replaced (" + odd.reason() + "); name another file")
                .hasLineCount(1);
        assertThat(Files.isRegularFile(output, LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThat(Files.getLastModifiedTime(output, LinkOption.NOFOLLOW_LINKS)).isEqualTo(before);
    }

    @Test
    void aLinkStaysAndItsFileIsReplaced() throws Exception {
        fill(1);
        Path real = Files.writeString(folder.resolve("real"), "old");
        output = Files.createSymbolicLink(folder.resolve("link"), real.getFileName());

        assertThat(exportWith()).as(told).isZero();

        assertThat(output).isSymbolicLink().hasSameBinaryContentAs(real);
        assertThat(Files.size(real)).isGreaterThan(100);
    }

    /** Twelve megabytes are enough for the program, and not for 300,000 samples beside it. */
    @Test
    @Timeout(180)
    void manySamplesNeedLittleMemory() throws Exception {
        try (SqliteStore store = TestStores.open(file, ManySamples.CLOCK)) {
            ManySamples.append(store, ManySamples.NOW.minusSeconds(3500), 3000, 100);
        }
        Path told = folder.resolve("told");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx12m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ExportMain.class.getName(),
                        "--database",
                        file.toString(),
                        "--output",
                        output.toString())
                .redirectErrorStream(true)
                .redirectOutput(told.toFile())
                .start();
        try {
            assertThat(child.waitFor(150, TimeUnit.SECONDS)).isTrue();
        } finally {
            child.destroyForcibly();
        }

        assertThat(child.exitValue()).as(Files.readString(told)).isZero();
        assertThat(Files.readString(told)).contains("300000 samples of 100 series in 3000 lines");
    }

    private void fill(int passes) throws Exception {
        try (SqliteStore store = TestStores.open(file, ManySamples.CLOCK)) {
            ManySamples.append(store, ManySamples.NOW.minusSeconds(passes), passes, 2);
        }
    }

    private int exportWith(String... more) {
        List<String> arguments = new ArrayList<>(List.of("--database", file.toString(), "--output", output.toString()));
        arguments.addAll(List.of(more));
        return run(arguments, Map.of());
    }

    private int run(List<String> arguments, Map<String, String> environment) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        int code = ExportMain.run(arguments, environment, ManySamples.CLOCK, printed, printed);
        told = bytes.toString(StandardCharsets.UTF_8);
        return code;
    }
}
