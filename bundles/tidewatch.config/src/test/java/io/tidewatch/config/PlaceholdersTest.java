package io.tidewatch.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.testing.config.OddFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceholdersTest {
    @TempDir
    Path folder;

    @TempDir
    Path credentials;

    private Placeholders placeholders;

    @BeforeEach
    void make() {
        placeholders = new Placeholders(
                Map.of("SITE", "studio", "EMPTY", "", "LOOP", "${env:SITE}"),
                name -> name.equals("tidewatch.home") ? "/opt/tidewatch" : null,
                new SecretFolders(folder, credentials));
    }

    @Test
    void environmentPropertiesAndSecretsArePutIn() throws Exception {
        secret(folder, "uplink", " s3cret\n", "rw-------");
        assertThat(resolve("site=${env:SITE},x=${env:EMPTY}").text()).isEqualTo("site=studio,x=");
        assertThat(resolve("${tidewatch.home}/lib").text()).isEqualTo("/opt/tidewatch/lib");
        assertThat(resolve("Bearer ${secret:uplink}!").text()).isEqualTo("Bearer s3cret!");
        assertThat(resolve("Bearer ${secret:uplink}!").inserted()).containsExactly("s3cret");
        assertThat(Placeholders.secretsIn("${secret:a} ${env:b} ${secret:c")).isEqualTo(Set.of("a"));
    }

    @Test
    void whatWasPutInIsNotLookedAtAgain() throws Exception {
        assertThat(resolve("${env:LOOP}").text()).isEqualTo("${env:SITE}");
    }

    @Test
    void aDollarSignIsAPlainOne() throws Exception {
        assertThat(resolve("a$b$$c {d} $").text()).isEqualTo("a$b$$c {d} $");
        assertThat(resolve("$${env:SITE}").text()).isEqualTo("${env:SITE}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"${env:NOBODY}", "${nobody}", "${secret:nobody}", "${env:SITE", "${}", "${secret:}"})
    void whatIsNotThereIsRefused(String value) {
        assertThatThrownBy(() -> resolve(value)).isInstanceOf(UnresolvedException.class);
    }

    @Test
    void theRefusalNamesTheVariableAndTheFile() {
        assertThatThrownBy(() -> resolve("${env:NOBODY}")).hasMessageContaining("NOBODY");
        assertThatThrownBy(() -> resolve("${secret:nobody}")).hasMessageContaining(folder + "/nobody");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret", "..", ".hidden", "a/b", "a b"})
    void aSecretIsAFileOfTheFolder(String name) throws Exception {
        Path outside = folder.resolve("../secret");
        assertThatThrownBy(() -> resolve("${secret:" + name + "}"))
                .isInstanceOf(UnresolvedException.class)
                .hasMessageContaining("letters, digits");
        assertThat(outside).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----"})
    void aSecretThatOthersCanReadIsRefused(String permissions) throws Exception {
        secret(folder, "uplink", "s3cret", permissions);
        assertThatThrownBy(() -> resolve("${secret:uplink}"))
                .hasMessageContaining("chmod 600 " + folder.resolve("uplink"))
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void systemdGuardsItsOwnFolderWhichComesFirst() throws Exception {
        secret(folder, "uplink", "theirs", "rw-------");
        secret(credentials, "uplink", "systemd's", "r--r-----");
        assertThat(resolve("${secret:uplink}").text()).isEqualTo("systemd's");
    }

    @Test
    void noSecretIsPutWhereItWouldNotBeKept() throws Exception {
        secret(folder, "uplink", "s3cret", "rw-------");
        assertThatThrownBy(() -> placeholders.resolve("${secret:uplink}", false))
                .hasMessageContaining("not kept secret")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void emptyLargeAndBinarySecretsAreRefused() throws Exception {
        secret(folder, "empty", " \n", "rw-------");
        secret(folder, "large", "x".repeat(16_385), "rw-------");
        secret(folder, "binary", "", "rw-------");
        Files.write(folder.resolve("binary"), new byte[] {(byte) 0xFF, 'a'});
        assertThatThrownBy(() -> resolve("${secret:empty}")).hasMessageContaining("not empty");
        assertThatThrownBy(() -> resolve("${secret:large}")).hasMessageContaining("16 KiB");
        assertThatThrownBy(() -> resolve("${secret:binary}")).hasMessageContaining("UTF-8");
    }

    @ParameterizedTest
    @EnumSource(value = OddFile.class, names = "ENDLESS", mode = EnumSource.Mode.EXCLUDE)
    void aSecretIsARegularFile(OddFile odd) throws Exception {
        Path secret = odd.make(folder.resolve("uplink"));
        assertThatThrownBy(() -> resolve("${secret:uplink}")).hasMessageContaining(secret.toString());
    }

    @Test
    void theStampChangesWithTheSecret() throws Exception {
        String absent = placeholders.stamp(Set.of("uplink"));
        secret(folder, "uplink", "one", "rw-r-----");
        String open = placeholders.stamp(Set.of("uplink"));
        secret(folder, "uplink", "one", "rw-------");
        String closed = placeholders.stamp(Set.of("uplink"));
        secret(folder, "uplink", "three", "rw-------");
        assertThat(Set.of(absent, open, closed, placeholders.stamp(Set.of("uplink"))))
                .hasSize(4);
    }

    private Placeholders.Resolved resolve(String value) throws UnresolvedException {
        return placeholders.resolve(value, true);
    }

    private static void secret(Path folder, String name, String text, String permissions) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
