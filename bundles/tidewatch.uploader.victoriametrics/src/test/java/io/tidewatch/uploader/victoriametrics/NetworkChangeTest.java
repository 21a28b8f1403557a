package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.uploader.victoriametrics.http.Routes;
import io.tidewatch.uploader.victoriametrics.timing.BreakablePause;
import io.tidewatch.uploader.victoriametrics.timing.Pause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The kernel's routes, and the wait that ends when they change. */
@Timeout(60)
final class NetworkChangeTest {
    private static final String HEAD = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\n";
    private static final String LAN = "eth0\t000AA8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\n";
    private static final String WAN = "eth0\t00000000\t010AA8C0\t0003\t0\t0\t100\t00000000\n";
    private static final String SIX = "fe800000000000000000000000000000 40 00000000000000000000000000000000 00 "
            + "00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0\n";

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("route"), HEAD + LAN);
        Files.writeString(folder.resolve("ipv6_route"), SIX);
        Files.writeString(folder.resolve("fib_trie"), "           |-- 192.168.10.5\n              /32 host LOCAL\n");
    }

    @Test
    void aNewRouteOrAddressIsAChange() throws IOException {
        Routes routes = new Routes(folder);
        long before = routes.getAsLong();
        assertThat(routes.getAsLong()).isEqualTo(before);

        Files.writeString(folder.resolve("route"), HEAD + LAN + WAN);
        long gateway = routes.getAsLong();
        assertThat(gateway).isNotEqualTo(before);
        Files.writeString(folder.resolve("fib_trie"), "           |-- 10.64.3.7\n              /32 host LOCAL\n");
        long address = routes.getAsLong();
        assertThat(address).isNotEqualTo(gateway);
        Files.writeString(folder.resolve("ipv6_route"), SIX + SIX.replace("fe80", "2001"));
        long six = routes.getAsLong();
        assertThat(six).isNotEqualTo(address);
        Files.delete(folder.resolve("ipv6_route"));
        assertThat(routes.getAsLong()).isNotEqualTo(six);
    }

    @Test
    void countersOfUseAreNoChange() throws IOException {
        Routes routes = new Routes(folder);
        long before = routes.getAsLong();

        Files.writeString(folder.resolve("route"), HEAD + LAN.replace("\t0\t0\t", "\t3\t4711\t"));
        Files.writeString(
                folder.resolve("ipv6_route"), SIX.replace("00000001 00000000 00000001", "00000007 000a3f01 00000001"));

        assertThat(routes.getAsLong()).isEqualTo(before);
    }

    @Test
    void filesThatAreMissingOrHugeAreNoTrouble() throws IOException {
        Routes none = new Routes(folder.resolve("none"));
        assertThat(none.getAsLong()).isEqualTo(none.getAsLong());

        Files.writeString(folder.resolve("fib_trie"), "x".repeat(10 << 20));
        Routes routes = new Routes(folder);
        assertThat(routes.getAsLong()).isEqualTo(routes.getAsLong());
    }

    @Test
    void theWaitEndsWithTheChangeAndOnlyIfAskedTo() throws Exception {
        AtomicLong state = new AtomicLong();
        CountDownLatch looked = new CountDownLatch(3);
        BreakablePause pause = new BreakablePause(
                () -> {
                    looked.countDown();
                    return state.get();
                },
                Duration.ofMillis(10));
        CompletableFuture<Pause.End> end = CompletableFuture.supplyAsync(() -> {
            try {
                return pause.awaitNetwork(Duration.ofHours(1));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(looked.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(end.isDone()).isFalse();

        state.set(1);

        assertThat(end.get(30, TimeUnit.SECONDS)).isEqualTo(Pause.End.NETWORK);
        long looks = looked.getCount();
        assertThat(pause.await(Duration.ofMillis(50))).isEqualTo(Pause.End.OVER);
        assertThat(looked.getCount()).isEqualTo(looks);
        assertThat(pause.awaitNetwork(Duration.ofMillis(1))).isEqualTo(Pause.End.OVER);
        pause.end();
        assertThat(pause.awaitNetwork(Duration.ofHours(1))).isEqualTo(Pause.End.BROKEN);
        pause.end();
        assertThat(pause.await(Duration.ofHours(1))).isEqualTo(Pause.End.BROKEN);
    }

    @Test
    void aChangeDuringTheAttemptEndsTheWaitAtOnce() throws Exception {
        AtomicLong network = new AtomicLong();
        BreakablePause pause = new BreakablePause(network::get, Duration.ofHours(1));
        pause.attempt();
        network.set(1);

        assertThat(pause.awaitNetwork(Duration.ofHours(1))).isEqualTo(Pause.End.NETWORK);
        pause.attempt();
        assertThat(pause.awaitNetwork(Duration.ofMillis(1))).isEqualTo(Pause.End.OVER);
    }

    @Test
    void aDefaultRouteIsOneOfEitherFamily() throws IOException {
        Files.writeString(
                folder.resolve("route"),
                """
                Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
                eth0\t0000A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
                """);
        Files.writeString(
                folder.resolve("ipv6_route"),
                """
                00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
                """);
        assertThat(new Routes(folder).hasDefault()).isFalse();
        Files.writeString(
                folder.resolve("ipv6_route"),
                """
                00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00450003 eth0
                """);
        assertThat(new Routes(folder).hasDefault()).isTrue();
        Files.delete(folder.resolve("ipv6_route"));
        Files.writeString(
                folder.resolve("route"),
                """
                Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
                wwan0\t00000000\t0101A8C0\t0003\t0\t0\t700\t00000000\t0\t0\t0
                """);
        assertThat(new Routes(folder).hasDefault()).isTrue();
        Files.delete(folder.resolve("route"));
        assertThat(new Routes(folder).hasDefault()).as("not Linux").isTrue();
    }

    @Test
    void theWaitForFilesEndsWithTheirChange() throws Exception {
        BreakablePause pause = new BreakablePause(() -> 0, Duration.ofMillis(10));
        AtomicInteger looks = new AtomicInteger();
        assertThat(pause.awaitFiles(Duration.ofHours(1), () -> looks.incrementAndGet() > 3))
                .isEqualTo(Pause.End.FILES);
        assertThat(looks).hasValue(4);
        assertThat(pause.awaitFiles(Duration.ofMillis(1), () -> false)).isEqualTo(Pause.End.OVER);
        pause.end();
        assertThat(pause.awaitFiles(Duration.ofHours(1), () -> false)).isEqualTo(Pause.End.BROKEN);
    }
}
