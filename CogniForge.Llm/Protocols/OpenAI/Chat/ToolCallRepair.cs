using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.OpenAI.Chat;

/// <summary>
/// Repairs tool calls that servers send with arguments as an object, or without id, type or index: OpenAI's clients
/// reject them. Not thread-safe.
/// </summary>
/// <param name="member">The member of a choice with the calls.</param>
internal sealed class ToolCallRepair(string member)
{
    private const string Delta = "delta";

    private readonly HashSet<(int Choice, int Call)> _opened = [];
    private readonly Dictionary<int, int> _latest = [];
    private string? _seed;

    /// <summary>Repairs a complete response; returns it unchanged if it is valid.</summary>
    public static ReadOnlyMemory<byte> RepairWhole(ReadOnlyMemory<byte> json) =>
        new ToolCallRepair("message").Repair(json);

    /// <summary>Repairs the events of a stream.</summary>
    public static async IAsyncEnumerable<SseEvent> RepairAsync(IAsyncEnumerable<SseEvent> events)
    {
        var repair = new ToolCallRepair(Delta);
        await foreach (var item in events)
        {
            yield return item with
            {
                Data = repair.Repair(item.Data),
            };
        }
    }

    private ReadOnlyMemory<byte> Repair(ReadOnlyMemory<byte> json)
    {
        if (json.Span.IndexOf("\"tool_calls\""u8) < 0)
        {
            return json;
        }

        try
        {
            var response = StrictJson.Parse(json.Span);
            _seed ??= response["id"].Text() is { Length: > 0 } id ? id : Guid.CreateVersion7().ToString("n");
            var isChanged = false;
            foreach (var choice in response["choices"].Objects())
            {
                foreach (var call in (choice[member] as JsonObject)?["tool_calls"].Objects() ?? [])
                {
                    isChanged |= RepairArguments(call);
                    isChanged |= Complete(call, choice["index"].Int32() ?? 0);
                }
            }

            return isChanged ? JsonSerializer.SerializeToUtf8Bytes(response, WireJson.Options) : json;
        }
        catch (JsonException)
        {
            return json; // reading it reports the error
        }
    }

    private static bool RepairArguments(JsonObject call)
    {
        if (call["function"] is not JsonObject function || function["arguments"] is not JsonObject arguments)
        {
            return false;
        }

        function["arguments"] = arguments.ToJsonString(WireJson.Options);
        return true;
    }

    /// <summary>Completes a whole call, or the first part of one: only that has the name, or an id.</summary>
    private bool Complete(JsonObject call, int choice)
    {
        var hasId = Has(call, "id");
        var isOpening = hasId || Has(call["function"] as JsonObject, "name");
        var latest = _latest.GetValueOrDefault(choice, -1);
        var hasIndex = call["index"].Int32() is not null || member != Delta;
        var number = _latest[choice] = call["index"].Int32() ?? (isOpening ? latest + 1 : Math.Max(0, latest));
        if (!hasIndex)
        {
            call["index"] = number;
        }

        if (!isOpening || !_opened.Add((choice, number)))
        {
            return !hasIndex;
        }

        var hasType = Has(call, "type");
        if (!hasId)
        {
            call["id"] = string.Create(CultureInfo.InvariantCulture, $"call_{_seed}_{number}");
        }

        if (!hasType)
        {
            call["type"] = "function";
        }

        return !hasIndex || !hasId || !hasType;
    }

    private static bool Has(JsonObject? parent, string name) => parent?[name].Text() is { Length: > 0 };
}
