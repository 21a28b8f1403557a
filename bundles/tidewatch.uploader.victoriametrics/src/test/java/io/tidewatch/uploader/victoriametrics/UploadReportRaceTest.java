package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.uploader.victoriametrics.answer.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import io.tidewatch.uploader.victoriametrics.report.UploadReport;
import io.tidewatch.uploader.victoriametrics.report.UploaderSelf;
import io.tidewatch.uploader.victoriametrics.settings.Endpoint;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What several threads count is counted once each, while others read. */
final class UploadReportRaceTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 20_000;

    @Test
    void nothingIsLostOrCountedTwice() throws Exception {
        UploadReport report = new UploadReport(Clock.systemUTC(), System::nanoTime);
        Failure failure = new Failure(Reason.TIMEOUT, "late");
        Endpoint endpoint =
                Endpoint.parse("url", "http://vm:8428/api/v1/import").orElseThrow();
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Long>> counting = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                counting.add(() -> {
                    long read = 0;
                    for (int n = 0; n < ROUNDS; n++) {
                        report.uploaded(3);
                        report.sent(10, Duration.ofMillis(1));
                        report.attemptFailed(failure, endpoint);
                        report.stalled();
                        report.accepted(false, endpoint);
                        long now = report.figures().uploaded();
                        assertThat(now).isGreaterThanOrEqualTo(read);
                        read = now;
                    }
                    return read;
                });
            }
            for (Future<Long> done : executor.invokeAll(counting)) {
                assertThat(done.get()).isPositive();
            }
        } finally {
            executor.shutdownNow();
        }

        UploaderSelf.Figures figures = report.figures();
        long all = (long) THREADS * ROUNDS;
        assertThat(figures.uploaded()).isEqualTo(3 * all);
        assertThat(figures.sentBytes()).isEqualTo(10 * all);
        assertThat(figures.partial()).isEqualTo(all);
        assertThat(figures.failures()).containsEntry("timeout", all).containsEntry("stalled", all);
    }
}
