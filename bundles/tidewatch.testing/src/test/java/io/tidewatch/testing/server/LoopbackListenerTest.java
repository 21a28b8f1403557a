package io.tidewatch.testing.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class LoopbackListenerTest {
    private static final int MANY = 500;

    @Test
    void refusesAsSoonAsItIsClosed() throws IOException {
        int port = 0;
        for (int i = 0; i < MANY; i++) {
            try (LoopbackListener listener = new LoopbackListener("test", port, 0, client -> {})) {
                port = listener.port();
            }
            int closed = port;
            assertThatThrownBy(() -> connect(closed)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void closesWhatIsOpenInTheMiddleOfAConversation() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        LoopbackListener listener = new LoopbackListener("test", 0, 0, client -> {
            begun.countDown();
            end.complete(catchThrowable(() -> client.getInputStream().read()));
        });
        try (Socket client = connect(listener.port())) {
            begun.await();
            assertThat(listener.connections()).hasSize(1);

            listener.close();

            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(end.get()).isInstanceOf(SocketException.class);
    }

    @Test
    void forgetsWhatItsConversationHasClosed() throws Exception {
        try (LoopbackListener listener = new LoopbackListener("test", 0, 0, LoopbackListenerTest::close);
                Socket client = connect(listener.port())) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            await().until(listener::connections, Set::isEmpty);
        }
    }

    private static Socket connect(int port) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    private static void close(Socket client) {
        try {
            client.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
