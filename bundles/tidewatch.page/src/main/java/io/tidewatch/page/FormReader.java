package io.tidewatch.page;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the form of a request as it comes: a sender that is slow holds no thread. */
final class FormReader implements ReadListener {
    static final int LONGEST = 16_384;

    private final ServletInputStream in;
    private final Consumer<@Nullable String> taker;
    private final ByteArrayOutputStream form = new ByteArrayOutputStream();
    private final byte[] buffer = new byte[1024];
    private boolean taken;

    private FormReader(ServletInputStream in, Consumer<@Nullable String> taker) {
        this.in = in;
        this.taker = taker;
    }

    /** @param taker gets the form, still encoded; null if it is longer than {@link #LONGEST} */
    static void read(HttpServletRequest request, Consumer<@Nullable String> taker) throws IOException {
        ServletInputStream in = request.getInputStream();
        in.setReadListener(new FormReader(in, taker));
    }

    @Override
    public void onDataAvailable() throws IOException {
        while (in.isReady() && !in.isFinished() && !taken) {
            int count = in.read(buffer);
            if (count > 0) {
                form.write(buffer, 0, count);
            }
            if (form.size() > LONGEST) {
                take(null);
            }
        }
    }

    @Override
    public void onAllDataRead() {
        take(form.toString(StandardCharsets.UTF_8));
    }

    @Override
    public void onError(Throwable problem) {
        // The sender has gone or is too slow; the exchange ends by itself.
        taken = true;
    }

    private void take(@Nullable String text) {
        if (!taken) {
            taken = true;
            taker.accept(text);
        }
    }
}
