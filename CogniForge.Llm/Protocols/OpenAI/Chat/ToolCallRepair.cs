using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.OpenAI.Chat;

/// <summary>
/// Repairs tool calls that servers send with arguments as an object, or without id or type: OpenAI's clients reject
/// them.
/// </summary>
internal static class ToolCallRepair
{
    /// <summary>Repairs a complete response; returns it unchanged if it is valid.</summary>
    public static ReadOnlyMemory<byte> RepairWhole(ReadOnlyMemory<byte> json) => Repair(json, "message");

    /// <summary>Repairs the events of a stream.</summary>
    public static async IAsyncEnumerable<SseEvent> RepairAsync(IAsyncEnumerable<SseEvent> events)
    {
        await foreach (var item in events)
        {
            yield return item with
            {
                Data = Repair(item.Data, "delta"),
            };
        }
    }

    private static ReadOnlyMemory<byte> Repair(ReadOnlyMemory<byte> json, string member)
    {
        if (json.Span.IndexOf("\"tool_calls\""u8) < 0)
        {
            return json;
        }

        try
        {
            var response = StrictJson.Parse(json.Span);
            var isChanged = false;
            foreach (var choice in response["choices"].Objects())
            {
                foreach (var (index, call) in (choice[member] as JsonObject)?["tool_calls"].Objects().Index() ?? [])
                {
                    isChanged |= RepairArguments(call);
                    isChanged |= IsOpening(call) && Complete(call, response["id"].Text(), index);
                }
            }

            return isChanged ? JsonSerializer.SerializeToUtf8Bytes(response, WireJson.Options) : json;
        }
        catch (JsonException)
        {
            return json; // reading it reports the error
        }
    }

    /// <summary>Whether it is a whole call or the first part of one: only that has the name.</summary>
    private static bool IsOpening(JsonObject call) =>
        (call["function"] as JsonObject)?["name"].Text() is { Length: > 0 };

    private static bool RepairArguments(JsonObject call)
    {
        if (call["function"] is not JsonObject function || function["arguments"] is not JsonObject arguments)
        {
            return false;
        }

        function["arguments"] = arguments.ToJsonString(WireJson.Options);
        return true;
    }

    private static bool Complete(JsonObject call, string? responseId, int index)
    {
        var hasId = call["id"].Text() is { Length: > 0 };
        if (!hasId)
        {
            var number = call["index"].Int32() ?? index;
            call["id"] = string.Create(CultureInfo.InvariantCulture, $"call_{responseId}_{number}");
        }

        return call.TryAdd("type", "function") || !hasId;
    }
}
