using System.Globalization;

namespace CogniForge.Llm.Caching;

/// <summary>What the client's <c>Cache-Control</c> (RFC 9111 §5.2.1) asks of the gateway's cache.</summary>
/// <param name="Reads">Whether a stored answer will do: not with <c>no-cache</c> or <c>no-store</c>.</param>
/// <param name="Stores">Whether the answer may be stored: not with <c>no-store</c>.</param>
/// <param name="MaxAge">The oldest answer that will do; null: any.</param>
internal readonly record struct CacheControl(bool Reads, bool Stores, TimeSpan? MaxAge)
{
    /// <summary>A client that says nothing.</summary>
    public static CacheControl None { get; } = new(true, true, null);

    /// <summary>Reads the header; what is unknown or malformed in it is passed over, as the RFC asks.</summary>
    public static CacheControl Parse(string? header)
    {
        var directive = None;
        foreach (
            var part in (header ?? "").Split(
                ',',
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
            )
        )
        {
            var (name, value) = part.Split('=', 2) is [var n, var v] ? (n.Trim(), v.Trim('"', ' ')) : (part, "");
            directive = name.ToUpperInvariant() switch
            {
                "NO-CACHE" => directive with { Reads = false },
                "NO-STORE" => directive with { Reads = false, Stores = false },
                "MAX-AGE" when uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) =>
                    directive with
                    {
                        MaxAge = TimeSpan.FromSeconds(seconds),
                    },
                _ => directive,
            };
        }

        return directive;
    }
}
