package io.tidewatch.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NamesTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private final CountDownLatch server = new CountDownLatch(1);
    private final AtomicInteger lookups = new AtomicInteger();
    private final Names names = new Names(host -> {
        lookups.incrementAndGet();
        try {
            server.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        if (host.equals("none.example.org")) {
            throw new UnknownHostException(host);
        }
        return new InetAddress[] {InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1})};
    });

    @Test
    void aServerThatDoesNotAnswerKeepsNobodyAndIsAskedOnce() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> names.find("rig.example.org", new Deadline(Duration.ofMillis(50))))
                    .isInstanceOf(UnknownHostException.class)
                    .satisfies(e -> assertThat(HttpRequest.explain((IOException) e, "raise timeout"))
                            .isEqualTo("no name server has answered in time what the address of rig.example.org is;"
                                    + " check the network of this device and its name servers"));
        }
        assertThat(lookups).hasValue(1);

        server.countDown();
        assertThat(names.find("rig.example.org", new Deadline(LONG)))
                .extracting(InetAddress::getHostAddress)
                .containsExactly("127.0.0.1");
    }

    @Test
    void anInterruptEndsTheWait() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> names.find("rig.example.org", new Deadline(LONG)))
                .isInstanceOf(InterruptedWireException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aNameThatNobodyKnowsIsSaidEachTime() {
        server.countDown();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> names.find("none.example.org", new Deadline(LONG)))
                    .isInstanceOf(UnknownHostException.class)
                    .hasMessage("the host name none.example.org is not known");
        }
    }

    @Test
    void anAddressIsLookedUpNowhere() throws IOException {
        assertThat(names.find("127.0.0.7", new Deadline(LONG))).containsExactly(InetAddress.getAllByName("127.0.0.7"));
        assertThat(names.find("::1", new Deadline(LONG))).containsExactly(InetAddress.getAllByName("::1"));
        assertThat(lookups).hasValue(0);
    }
}
