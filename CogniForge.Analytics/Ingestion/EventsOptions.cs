using System.ComponentModel.DataAnnotations;

namespace CogniForge.Analytics.Ingestion;

/// <summary>The options of user events.</summary>
internal sealed class EventsOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Events";

    /// <summary>
    /// The maximum size of an event as JSON in bytes, 1 KiB to 1 MiB; a larger one gets 400. Default: 64 KiB.
    /// </summary>
    [Range(1024, 1024 * 1024)]
    public int MaxEventBytes { get; set; } = 64 * 1024;

    /// <summary>
    /// The maximum number of JSON values and names of an event, 100 to 100,000; more get 400, because a value of two
    /// bytes takes many times as much when it is parsed. Default: 5,000.
    /// </summary>
    [Range(100, 100_000)]
    public int MaxEventValues { get; set; } = 5_000;

    /// <summary>
    /// What a key may still send to each replica while the queue of events is full, in bytes per second, 1 KiB to
    /// 1 GiB; at once, ten times as much. Default: 64 KiB.
    /// </summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public int ReserveBytesPerSecond { get; set; } = 64 * 1024;
}
