using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.PassThrough;

/// <summary>
/// Estimates the length of transcribed audio that no usage reports: by the end of the last cue of subtitles
/// (<c>srt</c>, <c>vtt</c>), else by the size of the file, or of the text if the audio is behind a URL. Not
/// thread-safe.
/// </summary>
internal sealed partial class AudioLength
{
    /// <summary>64 kbit/s: usual for speech as MP3; lossless files take more, Opus less.</summary>
    public const int BytesPerSecond = 8_000;

    /// <summary>150 words a minute, usual for English.</summary>
    public const int CharactersPerSecond = 15;

    private const string Arrow = "-->";
    private const int MaxCue = 40; // an arrow and a time of hours, with spaces

    private string _tail = "";
    private decimal? _end;
    private long _characters;

    /// <summary>Adds the next bytes of a transcript.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        // Times and arrows are ASCII, so that characters cut in two do not matter.
        var text = _tail + Encoding.Latin1.GetString(bytes);
        var last = text.LastIndexOf(Arrow, StringComparison.Ordinal);
        _end = last >= 0 && EndOfCue().Match(text, last) is { Success: true } end ? ReadTime(end) : _end;
        _tail = text[Math.Max(0, text.Length - MaxCue)..];
        foreach (var b in bytes)
        {
            _characters += (b & 0xC0) == 0x80 ? 0 : 1; // not the further bytes of a character
        }
    }

    /// <summary>Adds the estimate to the metadata of a response without usage.</summary>
    /// <param name="metadata">The metadata; null: the response has none.</param>
    /// <param name="fileBytes">The bytes of audio; 0: it is behind a URL; null: there is none.</param>
    public ResponseMetadata? Estimate(ResponseMetadata? metadata, long? fileBytes) =>
        fileBytes is null || metadata is { Usage: not null } or { AudioSeconds: not null, IsAudioEstimated: false }
            ? metadata
            : (metadata ?? new(null, null, null, null)) with
            {
                AudioSeconds = _end
                    ?? (
                        fileBytes > 0
                            ? (decimal)fileBytes.Value / BytesPerSecond
                            : (decimal)_characters / CharactersPerSecond
                    ),
                IsAudioEstimated = true,
            };

    private static decimal ReadTime(Match cue)
    {
        var (hours, minutes) = (Read("h"), Read("m"));
        return (((hours * 60) + minutes) * 60) + Read("s") + (Read("f") / 1_000);

        decimal Read(string name) =>
            decimal.TryParse(cue.Groups[name].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                ? value
                : 0;
    }

    [GeneratedRegex(@"\G--> *(?:(?<h>\d{1,3}):)?(?<m>\d\d):(?<s>\d\d)[,.](?<f>\d{3})", RegexOptions.ExplicitCapture)]
    private static partial Regex EndOfCue();
}
