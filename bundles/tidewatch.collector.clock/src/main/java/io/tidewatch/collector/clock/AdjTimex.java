package io.tidewatch.collector.clock;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;

/**
 * Reads by adjtimex(2). JNA is loaded at the first call.
 *
 * <p>Source: Linux, include/uapi/linux/timex.h: {@code struct timex} begins with an {@code unsigned int modes}, padded to
 * a {@code long}, and the {@code long}s {@code offset}, {@code freq} and {@code maxerror}. On 32-bit machines the C
 * library's function of this name has {@code long}s of 32 bits, whatever the size of its {@code time_t}.
 */
final class AdjTimex implements ClockCollector.KernelClock {
    /** More than any machine's {@code struct timex}, which has at most 208 bytes. */
    private static final int TIMEX_BYTES = 256;

    private static final int LONGS_BEFORE_MAXERROR = 3;
    private static final int EPERM = 1;

    @Override
    public long errorBoundMicros() throws IOException {
        try (Memory timex = new Memory(TIMEX_BYTES)) {
            timex.clear();
            CLibrary.adjtimex(timex);
            return maxError(timex, Native.LONG_SIZE);
        } catch (LastErrorException e) {
            if (e.getErrorCode() == EPERM) {
                throw new NotReadableException(
                        "the system call filter of the service or container forbids adjtimex; the"
                                + " drop-in clock.conf of examples/belabox permits it",
                        e);
            }
            throw new IOException("adjtimex failed with errno " + e.getErrorCode(), e);
        } catch (LinkageError e) {
            throw new NotReadableException("no native library of JNA for this machine in jna.boot.library.path", e);
        }
    }

    /** @param longBytes size of a {@code long}: 8, or 4 on 32-bit ARM */
    static long maxError(Pointer timex, int longBytes) {
        long offset = (long) LONGS_BEFORE_MAXERROR * longBytes;
        return longBytes == Long.BYTES ? timex.getLong(offset) : timex.getInt(offset);
    }
}
