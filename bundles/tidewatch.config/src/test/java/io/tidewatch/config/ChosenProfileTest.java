package io.tidewatch.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChosenProfileTest {
    @TempDir
    Path folder;

    @TempDir
    Path home;

    @TempDir
    Path state;

    private ChosenProfile chosen;

    @BeforeEach
    void install() throws IOException {
        ProfileShelf.put(home, "fast", "a.one.cfg", "# why\ninterval = 1s\nlist = a, \\\n  b\n");
        ProfileShelf.put(home, "fast", "a.two.cfg", "# starts it\n");
        ProfileShelf.put(home, "fast", "README.md", "text");
        ProfileShelf.put(home, "slow", "a.one.cfg", "interval = 1h\n");
        chosen = restarted();
    }

    private ChosenProfile restarted() {
        return new ChosenProfile(folder, home.toString(), new LastGoodFiles(state.resolve("config")));
    }

    @Test
    void thereIsNoneWithoutAFile() {
        assertThat(chosen.look(true)).isFalse();
        assertThat(chosen.name()).isEmpty();
        assertThat(chosen.problem()).isEmpty();
        assertThat(values("a.one.cfg", "")).isEmpty();
    }

    @Test
    void isTheFirstLineThatIsNoComment() throws IOException {
        write("\n  # by hand\n  fast  \nslow\n");
        assertThat(chosen.look(true)).isTrue();
        assertThat(chosen.name()).contains("fast");
        assertThat(chosen.look(true)).as("the same again").isFalse();
    }

    @Test
    void whatAFileSetsWins() throws IOException {
        write("fast\n");
        chosen.look(true);
        assertThat(values("a.one.cfg", "")).isEqualTo(Map.of("interval", "1s", "list", "a, b"));
        assertThat(values("a.one.cfg", "interval = 9s\nother = x\n"))
                .isEqualTo(Map.of("interval", "9s", "list", "a, b", "other", "x"));
        assertThat(values("a.three.cfg", "x = 1\n")).isEqualTo(Map.of("x", "1"));
        assertThat(values("a.one-left.cfg", "x = 1\n")).isEqualTo(Map.of("x", "1"));
    }

    @Test
    void addsFilesThatTheFolderDoesNotHave() throws IOException {
        write("fast\n");
        chosen.look(true);
        Path shelf = home.resolve("lib/profiles/fast");
        assertThat(chosen.added(Set.of()).keySet())
                .containsExactly(shelf.resolve("a.one.cfg"), shelf.resolve("a.two.cfg"));
        assertThat(chosen.added(Set.of(folder.resolve("a.one.cfg"))).keySet())
                .containsExactly(shelf.resolve("a.two.cfg"));
    }

    /** A file without a name would end them. */
    @Test
    void leavesInstancesAlone() throws IOException {
        write("fast\n");
        chosen.look(true);
        assertThat(chosen.added(Set.of(folder.resolve("a.one-left.cfg"))).keySet())
                .containsExactly(home.resolve("lib/profiles/fast/a.two.cfg"));
    }

    @Test
    void isTakenWhenTwoLooksAgree() throws IOException {
        chosen.look(true);
        write("fast\n");
        assertThat(chosen.look(false)).isFalse();
        assertThat(chosen.look(false)).isTrue();
        write("slow\n");
        assertThat(chosen.look(false)).isFalse();
        assertThat(chosen.look(false)).isTrue();
        assertThat(values("a.one.cfg", "")).isEqualTo(Map.of("interval", "1h"));
        Files.delete(folder.resolve("profile"));
        assertThat(chosen.look(false)).isFalse();
        assertThat(chosen.look(false)).isTrue();
        assertThat(chosen.name()).isEmpty();
    }

    @Test
    void noneSilencesAProposal() throws IOException {
        write("none\n");
        assertThat(chosen.look(true)).isFalse();
        assertThat(chosen.isSilenced()).isTrue();
        assertThat(chosen.problem()).isEmpty();
        write("fast\n");
        chosen.look(true);
        assertThat(chosen.isSilenced()).isFalse();
    }

    @Test
    void staysWhenAPowerCutEmptiesTheFile() throws IOException {
        write("fast\n");
        chosen.look(true);
        write("");
        chosen.look(true);
        assertThat(chosen.name()).contains("fast");
        assertThat(chosen.problem()).startsWith("profile: is empty, as after a power cut");
        ChosenProfile again = restarted();
        again.look(true);
        assertThat(again.name()).contains("fast");
        Files.delete(folder.resolve("profile"));
        again.look(true);
        assertThat(again.name()).isEmpty();
        write("");
        ChosenProfile forgotten = restarted();
        forgotten.look(true);
        assertThat(forgotten.name()).isEmpty();
        assertThat(forgotten.problem()).startsWith("profile: is empty");
    }

    @Test
    void staysWhileTheFileCannotBeRead() throws IOException {
        write("fast\n");
        chosen.look(true);
        Files.delete(folder.resolve("profile"));
        Files.createDirectory(folder.resolve("profile"));
        assertThat(chosen.look(true)).isFalse();
        assertThat(chosen.name()).contains("fast");
        assertThat(chosen.problem()).startsWith("profile: cannot be read (");
        Files.delete(folder.resolve("profile"));
        write("slow\n");
        assertThat(chosen.look(true)).isTrue();
        assertThat(chosen.name()).contains("slow");
        assertThat(chosen.problem()).isEmpty();
    }

    @Test
    void isNoPathOutOfTheShelf() throws IOException {
        ProfileShelf.put(home.resolve("lib"), "x", "a.one.cfg", "interval = 1s\n");
        for (String name : new String[] {"../lib/profiles/fast", "..", "fast/", "/etc", "fastt"}) {
            write(name + "\n");
            chosen.look(true);
            assertThat(chosen.name()).as(name).isEmpty();
            assertThat(chosen.problem())
                    .startsWith("profile: names " + name + ", which is no profile (expected fast, slow or none)");
        }
    }

    @Test
    void aHomeThatIsNotKnownHasNoProfiles() throws IOException {
        write("fast\n");
        ChosenProfile homeless = new ChosenProfile(folder, null, new LastGoodFiles(state.resolve("config")));
        homeless.look(true);
        assertThat(homeless.name()).isEmpty();
        assertThat(homeless.problem()).contains("is no profile");
    }

    private Map<String, String> values(String file, String own) {
        return chosen.under(file, CfgFile.parse(own.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .values();
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("profile"), text);
    }
}
