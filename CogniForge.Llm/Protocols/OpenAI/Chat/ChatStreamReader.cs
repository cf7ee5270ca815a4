using System.Text.Json;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Protocols.OpenAI.Chat;

internal sealed class ChatStreamReader : ProtocolStreamReader
{
    private readonly HashSet<int> _open = [];
    private readonly HashSet<int> _finished = [];
    private readonly ToolUses _tools = new();
    private bool _isDone;
    private bool _hasUsageInPlace;

    public override bool HasUsageInPlace => _hasUsageInPlace;

    protected override StreamEventKind ReadCore(SseEvent item)
    {
        if (item.IsDone)
        {
            IsComplete = _isDone = true;
            return StreamEventKind.End;
        }

        var chunk = new Utf8JsonScanner(item.Data.Span.Trim(" \t\r\n"u8));
        var mayBeError = item.IsError || chunk.Kind == JsonValueKind.Array;
        return mayBeError && OpenAIError.Find(item, chunk.Element()) is { } error ? Fail(error) : Chunk(chunk);
    }

    private StreamEventKind Fail(ProviderError error)
    {
        Metadata = Metadata with { Error = error };
        return StreamEventKind.Error;
    }

    private StreamEventKind Chunk(Utf8JsonScanner chunk)
    {
        Utf8JsonScanner id = default,
            model = default,
            usageValue = default,
            groq = default,
            tier = default,
            choices = default;
        var mayBeError = false;
        for (var members = Members(chunk, "A chunk must be a JSON object."); members.Next();)
        {
            if (members.IsNamed("choices"u8))
            {
                choices = members.Value;
            }
            else if (members.IsNamed("usage"u8))
            {
                usageValue = members.Value;
            }
            else if (members.IsNamed("x_groq"u8))
            {
                groq = members.Value;
            }
            else if (members.IsNamed("id"u8))
            {
                id = members.Value;
            }
            else if (members.IsNamed("model"u8))
            {
                model = members.Value;
            }
            else if (members.IsNamed("service_tier"u8))
            {
                tier = members.Value;
            }
            else
            {
                mayBeError |= MayBeError(members);
            }
        }

        if (Metadata.Id is null || Metadata.Model is null)
        {
            Metadata = Metadata with
            {
                Id = Metadata.Id ?? id.Element().Text(),
                Model = Metadata.Model ?? model.Element().Text(),
            };
        }

        // Groq's own member (vercel/ai#1651); its usage in OpenAI's place comes only in answer to stream_options.
        var usage =
            usageValue.IsPresent ? ReadUsage(usageValue.Element())
            : groq.IsPresent ? ReadUsage(groq.Element().Member("usage"))
            : null;
        _hasUsageInPlace |= usage is not null && usageValue.IsPresent;

        if (tier.IsPresent && (Metadata.ServiceTier is null || usage is not null))
        {
            Metadata = Metadata with
            {
                ServiceTier = tier.Is("\"default\""u8) ? "default" : tier.Element().Text() ?? Metadata.ServiceTier,
            };
        }

        if (mayBeError && OpenAIError.Find(chunk.Element()) is { } error)
        {
            return Fail(error);
        }

        var wasComplete = IsComplete;
        var kind = Choices(choices);
        Metadata = _tools.Counts is { } counts ? Metadata with { ToolUses = counts } : Metadata;
        return kind switch
        {
            DeltaKind.Error => StreamEventKind.Error,
            DeltaKind.Content => StreamEventKind.Content,
            // The client must receive the opening chunk even if the provider sends usage from the first chunk on.
            DeltaKind.Role when !wasComplete => StreamEventKind.Preamble,
            _ => usage is not null ? StreamEventKind.Usage : StreamEventKind.Preamble,
        };
    }

    private DeltaKind Choices(Utf8JsonScanner choices)
    {
        if (choices.IsPresent && choices.Kind != JsonValueKind.Array)
        {
            throw new JsonException("choices must be an array.");
        }

        var kind = DeltaKind.None;
        for (var items = choices.Parts(); items.Next();)
        {
            var found = Choice(items.Value);
            kind = found > kind ? found : kind;
        }

        IsComplete = _isDone || (_finished.Count > 0 && _open.Count == 0);
        return kind;
    }

    private DeltaKind Choice(Utf8JsonScanner choice)
    {
        Utf8JsonScanner indexValue = default,
            finish = default,
            delta = default,
            usage = default;
        var mayBeError = false;
        for (var members = Members(choice, "A choice must be an object."); members.Next();)
        {
            if (members.IsNamed("delta"u8))
            {
                delta = members.Value;
            }
            else if (members.IsNamed("usage"u8))
            {
                usage = members.Value;
            }
            else if (members.IsNamed("groundingMetadata"u8) || members.IsNamed("grounding_metadata"u8))
            {
                _tools.ReportGrounding(members.Value.Element());
            }
            else if (members.IsNamed("index"u8))
            {
                indexValue = members.Value;
            }
            else if (members.IsNamed("finish_reason"u8))
            {
                finish = members.Value;
            }
            else
            {
                mayBeError |= MayBeError(members);
            }
        }

        if (usage.IsPresent)
        {
            ReadUsage(usage.Element()); // Kimi sends it within the choice
        }

        var index = indexValue.Count ?? 0;
        var reason = finish.IsPresent ? finish.Element().Text() : null;
        var error = (mayBeError ? OpenAIError.Find(choice.Element()) : null) ?? ChatAdapter.GetFailure(reason);
        if (error is not null)
        {
            Metadata = Metadata with { FinishReason = reason, Error = error };
            return DeltaKind.Error;
        }

        var kind = Delta(delta);
        if (reason is not null)
        {
            _finished.Add(index);
            _open.Remove(index);
            Metadata = index == 0 || Metadata.FinishReason is null ? Metadata with { FinishReason = reason } : Metadata;
            return DeltaKind.Content;
        }

        if (!_finished.Contains(index))
        {
            _open.Add(index);
        }

        return kind;
    }

    private DeltaKind Delta(Utf8JsonScanner delta)
    {
        if (delta.Kind != JsonValueKind.Object)
        {
            return delta.IsPresent ? throw new JsonException("delta must be an object.") : DeltaKind.None;
        }

        var kind = DeltaKind.None;
        Utf8JsonScanner content = default,
            refusal = default,
            reasoningContent = default,
            reasoning = default,
            calls = default;
        for (var members = delta.Parts(); members.Next();)
        {
            if (members.IsNamed("role"u8))
            {
                kind = kind == DeltaKind.None ? DeltaKind.Role : kind;
                continue;
            }

            kind = members.Value.IsEmpty ? kind : DeltaKind.Content;
            if (members.IsNamed("content"u8))
            {
                content = members.Value;
            }
            else if (members.IsNamed("refusal"u8))
            {
                refusal = members.Value;
            }
            else if (members.IsNamed("reasoning_content"u8))
            {
                reasoningContent = members.Value;
            }
            else if (members.IsNamed("reasoning"u8))
            {
                reasoning = members.Value;
            }
            else if (members.IsNamed("tool_calls"u8))
            {
                calls = members.Value;
            }
            else if (members.IsNamed("executed_tools"u8))
            {
                _tools.SeeExecuted(members.Value.Element());
            }
            else if (members.IsNamed("audio"u8) && members.Value.Element().Text("id") is { } audio)
            {
                AddStateIds([audio]);
            }
        }

        Output.Add(content.Json);
        Output.Add(refusal.Json);
        // Some send the same in both.
        Output.Add(reasoningContent.Json.Length > reasoning.Json.Length ? reasoningContent.Json : reasoning.Json);
        foreach (var call in calls.IsPresent ? calls.Element().Items() : [])
        {
            Output.Add(call.Member("function").Member("name"));
            Output.AddArguments(call.Member("function").Member("arguments"));
            if (call.Member("function").Text("name") is { } name)
            {
                _tools.SeeCall(name);
            }
        }

        return kind;
    }

    private TokenUsage? ReadUsage(JsonElement value)
    {
        var usage = ChatUsage.Read(value);
        if (usage is not null)
        {
            _tools.Report(value);
            Metadata = Metadata with
            {
                Usage = usage,
                Cost = ChatUsage.Cost(value) ?? Metadata.Cost,
            };
        }

        return usage;
    }

    private static RawParts Members(Utf8JsonScanner value, string rule) =>
        value.Kind == JsonValueKind.Object ? value.Parts() : throw new JsonException(rule);

    /// <summary>
    /// A cheap check whether a member may be an error, before <see cref="OpenAIError"/> parses it.
    /// </summary>
    private static bool MayBeError(in RawParts member) =>
        member.IsNamed("error"u8)
            ? member.Value.IsPresent
            : member.IsNamed("object"u8) && member.Value.Is("\"error\""u8);
}
