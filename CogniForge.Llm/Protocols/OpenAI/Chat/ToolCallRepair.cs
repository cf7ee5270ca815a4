using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.OpenAI.Chat;

/// <summary>
/// Repairs tool calls that servers send with arguments as an object, without id, type or an index of their own, or with
/// a name in each fragment, and chunks without choices: OpenAI's clients reject them. Not thread-safe.
/// </summary>
/// <param name="member">The member of a choice with the calls.</param>
internal sealed class ToolCallRepair(string member)
{
    private const string Delta = "delta";

    private const int MaxChoices = 1_000; // OpenAI's n is at most 128

    private readonly Dictionary<int, SentCalls> _sent = []; // by choice
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
                Data = repair.Repair(NullChoices.Replace(item.Data)),
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
                var calls = (choice[member] as JsonObject)?["tool_calls"].Objects() ?? [];
                foreach (var (position, call) in calls.Index())
                {
                    isChanged |= RepairArguments(call);
                    isChanged |=
                        member == Delta
                            ? RepairFragment(call, choice["index"].Int32() ?? 0)
                            : SentCalls.Complete(call, position, _seed);
                }
            }

            return isChanged ? WireJson.Write(response, json.Length) : json;
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

        function["arguments"] = WireJson.WriteText(arguments);
        return true;
    }

    private bool RepairFragment(JsonObject call, int choice)
    {
        if (!_sent.TryGetValue(choice, out var calls))
        {
            if (_sent.Count >= MaxChoices)
            {
                return false;
            }

            _sent[choice] = calls = new();
        }

        return calls.Repair(call, _seed!);
    }
}
