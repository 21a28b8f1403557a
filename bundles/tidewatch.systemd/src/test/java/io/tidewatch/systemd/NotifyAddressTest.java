package io.tidewatch.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotifyAddressTest {
    @Test
    void aPathEndsInAZeroByte() {
        assertThat(familyOf("/run/n")).isEqualTo((short) 1);
        assertThat(nameOf("/run/n")).containsExactly('/', 'r', 'u', 'n', '/', 'n', 0);
    }

    @Test
    void anAbstractNameBeginsWithOneAndHasNothingBehind() {
        assertThat(nameOf("@n/1")).containsExactly(0, 'n', '/', '1');
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "@", "run/notify", "vsock:2:1234"})
    void otherAddressesAreRefusedWithWhatIsAccepted(String name) {
        assertThatThrownBy(() -> new NotifySocket(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NOTIFY_SOCKET is '" + name + "'")
                .hasMessageContaining("absolute path, or @");
    }

    @Test
    void theLongestNameFillsTheStructure() {
        String longest = "/" + "a".repeat(106);

        assertThat(nameOf(longest)).hasSize(108);
        assertThatThrownBy(() -> new NotifySocket(longest + "a")).hasMessageContaining("107 bytes");
    }

    private static short familyOf(String name) {
        return ByteBuffer.wrap(new NotifySocket(name).toSocketAddress())
                .order(ByteOrder.nativeOrder())
                .getShort();
    }

    private static byte[] nameOf(String name) {
        byte[] address = new NotifySocket(name).toSocketAddress();
        return Arrays.copyOfRange(address, 2, address.length);
    }
}
