package io.tidewatch.collector.clock;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/**
 * The one function of the C library that is called. Loading this class loads JNA and its native half, and throws a
 * {@link LinkageError} where that is missing.
 */
final class CLibrary {
    static {
        // What is linked into this process already: no file is searched for.
        Native.register(CLibrary.class, NativeLibrary.getInstance(null));
    }

    private CLibrary() {}

    /** adjtimex(2); returns the state of the clock. With 0 in {@code modes} nothing is changed. */
    static native int adjtimex(Pointer timex) throws LastErrorException;
}
