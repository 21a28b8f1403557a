package io.tidewatch.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueuedOutputTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final CountDownLatch reading = new CountDownLatch(1);
    private final CountDownLatch begun = new CountDownLatch(1);
    private QueuedOutput output;

    @AfterEach
    void stop() {
        reading.countDown();
        output.stop();
        System.clearProperty(QueuedOutput.DROPPED);
        System.clearProperty(QueuedOutput.STUCK);
    }

    @Test
    void writesInOrderAndAllOfItBeforeItStops() {
        reading.countDown();
        start(blocking());
        for (int i = 0; i < 1000; i++) {
            output.doAppend(Events.of("line " + i, null, Map.of()));
        }
        output.stop();
        assertThat(lines()).hasSize(1000).startsWith("line 0", "line 1").endsWith("line 999");
    }

    @Test
    void aReaderThatStopsKeepsNobodyWaitingAndWhatIsLostIsCounted() throws Exception {
        start(blocking());
        output.doAppend(Events.of("first", null, Map.of()));
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        String line = "x".repeat(1000);
        for (int i = 0; i < 1000; i++) {
            // A thread that had to wait would never go on.
            output.doAppend(Events.of(line, null, Map.of()));
        }
        assertThat(Long.getLong(QueuedOutput.DROPPED)).isBetween(700L, 800L);

        reading.countDown();
        output.stop();
        assertThat(lines()).first().isEqualTo("first");
        assertThat(lines()).last().satisfies(last -> assertThat(last)
                .contains(Long.getLong(QueuedOutput.DROPPED) + " log entries were dropped"));
    }

    @Test
    void aReaderThatStopsIsShownUntilItGoesOn() throws Exception {
        start(blocking());
        output.doAppend(Events.of("first", null, Map.of()));
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        while (System.getProperty(QueuedOutput.STUCK) == null) {
            output.doAppend(Events.of("another", null, Map.of()));
            Thread.onSpinWait();
        }
        reading.countDown();
        output.stop();
        assertThat(System.getProperty(QueuedOutput.STUCK)).isNull();
    }

    @Test
    void anOutputThatIsClosedIsShown() {
        start(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Bad file descriptor");
            }
        });
        output.doAppend(Events.of("unheard", null, Map.of()));
        output.stop();
        assertThat(System.getProperty(QueuedOutput.STUCK)).isNotNull();
    }

    private void start(OutputStream out) {
        output = new QueuedOutput(new PrintStream(out, true, StandardCharsets.UTF_8), Journal.READS);
        output.setEncoder(new EncoderBase<>() {
            @Override
            public byte[] headerBytes() {
                return new byte[0];
            }

            @Override
            public byte[] encode(ILoggingEvent event) {
                return (event.getFormattedMessage() + "\n").getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public byte[] footerBytes() {
                return new byte[0];
            }
        });
        output.start();
    }

    private OutputStream blocking() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                begun.countDown();
                try {
                    reading.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                written.write(bytes, offset, length);
            }
        };
    }

    private List<String> lines() {
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
