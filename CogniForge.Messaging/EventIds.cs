namespace CogniForge.Messaging;

/// <summary>The ids of log events. Alerts refer to them, so an id never changes its meaning.</summary>
internal static class EventIds
{
    public const int Consuming = 300;
    public const int ConsumerBrokerUnavailable = 301;
    public const int ConsumerPaused = 302;
    public const int MessageFailed = 303;
    public const int QueueMismatch = 304;

    public const int OutboxWaiting = 310;
    public const int OutboxFailed = 311;
    public const int EventHeld = 312;
    public const int EventTypeHeld = 313;
    public const int OutboxNotListening = 314;
    public const int OutboxListeningAgain = 315;

    public const int JournalWaiting = 320;
    public const int RecordRejected = 321;
    public const int RecordDropped = 322;
    public const int JournalNotWritable = 323;
}
