using System.Globalization;

namespace CogniForge.Llm.Caching;

/// <summary>The client's <c>Cache-Control</c> request directives (RFC 9111 §5.2.1).</summary>
/// <param name="CanRead">Whether a stored response may be used; false for <c>no-cache</c> and <c>no-store</c>.</param>
/// <param name="CanStore">Whether the response may be stored; false for <c>no-store</c>.</param>
/// <param name="MaxAge">The maximum age of a stored response; null: no limit.</param>
internal readonly record struct CacheControl(bool CanRead, bool CanStore, TimeSpan? MaxAge)
{
    public static CacheControl None { get; } = new(true, true, null);

    /// <summary>Parses the header; ignores unknown and malformed directives, as the RFC requires.</summary>
    public static CacheControl Parse(string? header)
    {
        var control = None;
        foreach (
            var part in (header ?? "").Split(
                ',',
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
            )
        )
        {
            var (name, value) = part.Split('=', 2) is [var n, var v] ? (n.Trim(), v.Trim('"', ' ')) : (part, "");
            control = name.ToUpperInvariant() switch
            {
                "NO-CACHE" => control with { CanRead = false },
                "NO-STORE" => control with { CanRead = false, CanStore = false },
                "MAX-AGE" when uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) =>
                    control with
                    {
                        MaxAge = TimeSpan.FromSeconds(seconds),
                    },
                _ => control,
            };
        }

        return control;
    }
}
