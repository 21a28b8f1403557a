package io.tidewatch.collector.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.procfs.Fields;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MountTableTest {
    private final Diagnostics diagnostics = new Diagnostics();

    @Test
    void takesTheEscapesForWhatTheyStandFor() throws Exception {
        assertThat(parse("//nas/My\\040Films /mnt/a\\011b\\012c\\134d cifs rw 0 0\n")
                        .values())
                .containsExactly(new Mount("/mnt/a\tb\nc\\d", "//nas/My Films", "cifs", false));
    }

    @Test
    void readsBytesAboveAsciiEscapedAndPlain() throws Exception {
        assertThat(parse("/dev/sda1 /mnt/\\303\\234ber/Über ext4 rw 0 0").values())
                .extracting(Mount::mountPoint)
                .containsExactly("/mnt/Über/Über");
    }

    @Test
    void aBackslashThatEscapesNothingStandsForItself() throws Exception {
        assertThat(parse("a\\ /b\\04 c\\777\\189 rw 0 0").values())
                .containsExactly(new Mount("/b\\04", "a\\", "c\\777\\189", false));
    }

    @Test
    void ofTwoOnOneMountPointTheLastIsSeen() throws Exception {
        Map<String, Mount> table = parse("systemd-1 /mnt autofs rw 0 0\n/dev/sdb1 /mnt ext4 ro 0 0\n");

        assertThat(table.values()).containsExactly(new Mount("/mnt", "/dev/sdb1", "ext4", true));
        assertThat(table.get("/mnt")).isEqualTo(new Mount("/mnt", "/dev/sdb1", "ext4", true));
        assertThat(table.get("/other")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ro", "ro,noatime", "rw,emergency_ro", "nosuid,emergency_ro,errors=remount-ro"})
    void isReadOnlyByOption(String options) throws Exception {
        assertThat(parse("/dev/sda1 / ext4 " + options + " 0 0").values()).allMatch(Mount::readOnly);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw", "rw,errors=remount-ro", "rw,xro,rod", "rw,emergency_row", ","})
    void isWritableOtherwise(String options) throws Exception {
        assertThat(parse("/dev/sda1 / ext4 " + options + " 0 0").values()).noneMatch(Mount::readOnly);
    }

    @Test
    void whatWasMountedWithAnEmptyNameHasNone() throws Exception {
        assertThat(parse(" /mnt tmpfs rw,relatime 0 0\n").values())
                .containsExactly(new Mount("/mnt", "none", "tmpfs", false));
    }

    @Test
    void anEmptyTableHasNoMounts() throws Exception {
        assertThat(parse("").values()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/dev/sda1", "/dev/sda1 /", "/dev/sda1 / ext4", "none mnt ext4 rw 0 0", " a b c d"})
    void aLineWithoutWhatAMountHasCostsItselfAndIsNamed(String line) {
        assertThat(parse("proc /proc proc rw 0 0\n" + line + "\n/dev/vda / ext4 rw 0 0\n")
                        .values())
                .extracting(Mount::mountPoint)
                .containsExactly("/proc", "/");
        assertThat(diagnostics.list()).singleElement().satisfies(diagnostic -> assertThat(diagnostic.message())
                .contains("mounts:2: expected"));
    }

    @Test
    void theNameIsFitForALog() {
        String name = new Mount("/" + "long".repeat(100), "a\nb", "ext4", false).name();

        assertThat(name).startsWith("a?b on /long").endsWith("…").hasSize(201);
    }

    @Property
    void arbitraryBytesAreATable(@ForAll byte[] text) {
        parses(text);
    }

    @Property
    void aDamagedTableIsATable(
            @ForAll("mounts") List<Mount> mounts, @ForAll("positions") int position, @ForAll byte damage) {
        byte[] text = written(mounts).getBytes(StandardCharsets.UTF_8);
        if (text.length > 0) {
            text[position % text.length] = damage;
        }
        parses(text);
        parses(Arrays.copyOf(text, position % (text.length + 1)));
    }

    @Property
    void readsBackWhatTheKernelWrites(@ForAll("mounts") List<Mount> mounts) throws Exception {
        Map<String, Mount> seen = new LinkedHashMap<>();
        mounts.forEach(mount -> seen.put(mount.mountPoint(), mount));

        assertThat(parse(written(mounts)).values()).containsExactlyInAnyOrderElementsOf(seen.values());
    }

    @Provide
    Arbitrary<List<Mount>> mounts() {
        Arbitrary<String> name = Arbitraries.strings()
                .withChars(" \t\n\\#,/aü€0417")
                .ofMinLength(1)
                .ofMaxLength(6);
        Arbitrary<String> type = Arbitraries.of("ext4", "fuse.some thing", "b\\", "nfs4", "ro");
        return Combinators.combine(name, name, type, Arbitraries.of(true, false))
                .as((point, device, fstype, readOnly) -> new Mount("/" + point, device, fstype, readOnly))
                .list()
                .ofMaxSize(8);
    }

    @Provide
    Arbitrary<Integer> positions() {
        return Arbitraries.integers().between(0, 400);
    }

    /** As the kernel does: fs/proc_namespace.c, mangle(). */
    private static String written(List<Mount> mounts) {
        StringBuilder text = new StringBuilder();
        for (Mount mount : mounts) {
            text.append(escaped(mount.device()))
                    .append(' ')
                    .append(escaped(mount.mountPoint()))
                    .append(' ')
                    .append(escaped(mount.fstype()))
                    .append(mount.readOnly() ? " ro" : " rw")
                    .append(",relatime 0 0\n");
        }
        return text.toString();
    }

    private static String escaped(String name) {
        return name.replace("\\", "\\134")
                .replace(" ", "\\040")
                .replace("\t", "\\011")
                .replace("\n", "\\012")
                .replace("#", "\\043");
    }

    private static void parses(byte[] text) {
        Map<String, Mount> table =
                MountTable.parse(new Fields(Path.of("mounts"), text, text.length), new Diagnostics());
        assertThat(table.values()).allMatch(mount -> mount.mountPoint().startsWith("/"));
    }

    private Map<String, Mount> parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return MountTable.parse(new Fields(Path.of("mounts"), bytes, bytes.length), diagnostics);
    }
}
