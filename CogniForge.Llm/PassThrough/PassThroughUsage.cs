using System.Text.Json;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.OpenAI.Chat;

namespace CogniForge.Llm.PassThrough;

/// <summary>Reads the usage, tool uses and cost in a response, whatever else it contains.</summary>
internal static class PassThroughUsage
{
    private const decimal MaxSeconds = 10_000_000; // more is a fault of the provider

    /// <summary>Reads a response, or an event of a stream.</summary>
    public static ResponseMetadata Read(JsonElement response)
    {
        var usage = response.Member("usage");
        return new(
            response.Text("id"),
            response.Text("model"),
            null,
            ChatUsage.Read(usage) ?? ChatUsage.Read(response.Member("meta").Member("tokens")), // Cohere
            Cost: ChatUsage.Cost(usage)
        )
        {
            AudioSeconds = ReadSeconds(response, usage),
        };
    }

    /// <summary>
    /// The seconds of a transcribed file, by which OpenAI charges for whisper-1 and Mistral for Voxtral; other servers
    /// have only the duration beside the text of <c>verbose_json</c>.
    /// </summary>
    private static decimal? ReadSeconds(JsonElement response, JsonElement usage) =>
        (
            usage.Decimal("seconds")
            ?? usage.Decimal("prompt_audio_seconds")
            ?? (response.Member("text").ValueKind == JsonValueKind.String ? response.Decimal("duration") : null)
        )
            is { } seconds and <= MaxSeconds
            ? seconds
            : null;

    /// <summary>Adds an event, which need not be JSON.</summary>
    public static ResponseMetadata Add(ResponseMetadata known, SseEvent item)
    {
        if (item.IsDone)
        {
            return known;
        }

        try
        {
            using var document = JsonDocument.Parse(item.Data);
            var read = Read(document.RootElement);
            return known with
            {
                Id = known.Id ?? read.Id,
                Model = known.Model ?? read.Model,
                Usage = read.Usage ?? known.Usage,
                Cost = read.Cost ?? known.Cost,
                AudioSeconds = read.AudioSeconds ?? known.AudioSeconds,
            };
        }
        catch (JsonException)
        {
            return known;
        }
    }

    /// <summary>Whether an event contains the usage and no choices.</summary>
    public static bool IsOnlyUsage(SseEvent item)
    {
        try
        {
            using var document = JsonDocument.Parse(item.Data);
            var (choices, usage) = (document.RootElement.Member("choices"), document.RootElement.Member("usage"));
            return usage.IsPresent() && choices is { ValueKind: JsonValueKind.Array } && choices.GetArrayLength() == 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Adds the text of a completion, or of an event of one.</summary>
    public static void AddText(TextSample output, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            foreach (var choice in document.RootElement.Member("choices").Items())
            {
                output.Add(choice.Member("text"));
            }
        }
        catch (JsonException)
        {
            // Not a text completion.
        }
    }
}
