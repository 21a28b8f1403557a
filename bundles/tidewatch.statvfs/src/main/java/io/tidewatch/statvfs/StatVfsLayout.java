package io.tidewatch.statvfs;

/**
 * Where the counts of files lie within glibc's {@code struct statvfs64}: behind two {@code unsigned long} (block and
 * fragment size) and three 64-bit counts of blocks come three of files: all, free, and free for ordinary users.
 *
 * <p>Source: glibc, sysdeps/unix/sysv/linux/bits/statvfs.h. On 64-bit machines {@code struct statvfs} is the same; on
 * 32-bit ones it has narrow counts, and is not used.
 *
 * @param longBytes size of an {@code unsigned long}: 8, or 4 on 32-bit ARM
 */
record StatVfsLayout(int longBytes) {
    private static final int COUNT_BYTES = 8;

    int files() {
        return 2 * longBytes + 3 * COUNT_BYTES;
    }

    int filesFree() {
        return files() + COUNT_BYTES;
    }
}
