package io.tidewatch.uploader.victoriametrics.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import io.tidewatch.api.config.SettingReader;
import io.tidewatch.testing.config.OddFile;
import io.tidewatch.testing.config.SecretFile;
import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.uploader.victoriametrics.failure.DeliveryException;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import io.tidewatch.uploader.victoriametrics.settings.UploaderConfig;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CredentialsTest {
    @TempDir
    private Path folder;

    @Test
    void readsTheTokenOfTheMoment() throws IOException {
        Path file = folder.resolve("token");
        SecretFile.write(file, "one\n");
        assertThat(Credentials.token(file)).isEqualTo("one");
        SecretFile.write(file, " two ");
        assertThat(Credentials.token(file)).isEqualTo("two");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> Credentials.token(folder.resolve("none")))
                .asInstanceOf(throwable(DeliveryException.class))
                .returns(Reason.TOKEN_FILE, DeliveryException::reason)
                .hasMessageContaining("none does not exist");
    }

    /** A device that never ends may be read by all, and is refused for that. */
    @ParameterizedTest
    @EnumSource(value = OddFile.class, names = "ENDLESS", mode = EnumSource.Mode.EXCLUDE)
    void whatIsNoFileIsNotRead(OddFile odd) throws Exception {
        Path file = odd.make(folder.resolve("token"));

        assertThatThrownBy(() -> Credentials.token(file))
                .asInstanceOf(throwable(DeliveryException.class))
                .returns(Reason.TOKEN_FILE, DeliveryException::reason)
                .hasMessage("token.file " + file + " cannot be read: " + odd.reason());
        Files.delete(file);
        SecretFile.write(file, "one");
        assertThat(Credentials.token(file)).isEqualTo("one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "secret\r\nX-Evil: 1", "secret other", "secrét", "secret\u0000"})
    void whatCannotBeATokenIsRefusedWithoutShowingIt(String text) throws IOException {
        Path file = folder.resolve("token");
        SecretFile.write(file, text);

        assertThatThrownBy(() -> Credentials.token(file))
                .asInstanceOf(throwable(DeliveryException.class))
                .returns(Reason.TOKEN_FILE, DeliveryException::reason)
                .hasMessageNotContaining("secr");
    }

    @ParameterizedTest
    @CsvSource({"rw-r--r--, 0644", "rwxrwxrwx, 0777", "------r--, 0004"})
    void whatEveryUserMayReadIsNotUsed(String rights, String mode) throws IOException {
        Path file = SecretFile.write(folder.resolve("token"), "s3cret");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));

        assertThatThrownBy(() -> Credentials.authorization(settings(file)))
                .asInstanceOf(throwable(DeliveryException.class))
                .returns(Reason.EXPOSED_SECRET, DeliveryException::reason)
                .hasMessage("token.file " + file + " has mode " + mode
                        + ", so that every user of this machine may read it, and is not used: chmod o-rwx " + file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "rw-r-----", "r--------"})
    void whatOwnerAndGroupMayReadIsUsed(String rights) throws IOException {
        Path file = SecretFile.write(folder.resolve("token"), "s3cret");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));

        assertThat(Credentials.authorization(settings(file))).hasValue("Bearer s3cret");
    }

    @Test
    void aHugeFileIsNoToken() throws IOException {
        Path file = folder.resolve("token");
        SecretFile.write(file, "x".repeat(100_000));

        assertThatThrownBy(() -> Credentials.token(file))
                .asInstanceOf(throwable(DeliveryException.class))
                .returns(Reason.TOKEN_FILE, DeliveryException::reason);
    }

    private static UploaderSettings settings(Path token) {
        return UploaderSettings.read(
                TypedConfiguration.of(UploaderConfig.class, Map.of("token.file", token.toString())),
                new SettingReader(new ArrayList<>()));
    }
}
