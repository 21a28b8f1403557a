package io.tidewatch.scheduler;

/** What a pass does, and what its samples are lost to if that takes too long. */
enum PassPhase {
    COLLECTING(Loss.TIMEOUT),
    AWAITING_DEVICE(Loss.DEVICE_UNAVAILABLE),
    AWAITING_STORE(Loss.STORE_UNAVAILABLE),
    APPENDING(Loss.STORE_TIMEOUT),
    ENDED(Loss.TIMEOUT);

    private final Loss tooLong;

    PassPhase(Loss tooLong) {
        this.tooLong = tooLong;
    }

    Loss tooLong() {
        return tooLong;
    }
}
