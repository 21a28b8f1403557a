package io.tidewatch.uploader.victoriametrics.cycle;

/** Whether a delivery may go on: asked before each of its requests. */
interface Permit {
    enum Next {
        GO,
        /** Complete what was accepted and leave the rest pending for now: others go first. */
        YIELD,
        /** The same, because something changed. */
        HALT
    }

    /** Whether something changed, so that nothing more is sent. */
    boolean isHalted();

    /** What to do now; may wait. */
    default Next next() throws InterruptedException {
        return isHalted() ? Next.HALT : Next.GO;
    }

    /** A request was sent, of so many bytes with its head and its answer. */
    default void sent(int bytes) {}
}
