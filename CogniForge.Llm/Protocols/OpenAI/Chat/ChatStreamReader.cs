using System.Text.Json;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.OpenAI.Chat;

/// <summary>Follows the chunks of a chat completion.</summary>
internal sealed class ChatStreamReader : ProtocolStreamReader
{
    private readonly HashSet<int> _open = [];
    private readonly HashSet<int> _finished = [];

    public override StreamEventKind Read(SseEvent item)
    {
        if (item.IsDone)
        {
            IsComplete = true;
            return StreamEventKind.End;
        }

        try
        {
            return Chunk(new(item.Data.Span.Trim(" \t\r\n"u8)));
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("The chunk has a name that is no valid Unicode.", e);
        }
    }

    private StreamEventKind Chunk(Utf8JsonScanner chunk)
    {
        Utf8JsonScanner id = default,
            model = default,
            spent = default,
            tier = default,
            choices = default;
        var failed = false;
        for (var members = Members(chunk, "A chunk must be a JSON object."); members.Next();)
        {
            if (members.IsNamed("choices"u8))
            {
                choices = members.Value;
            }
            else if (members.IsNamed("usage"u8))
            {
                spent = members.Value;
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
                failed |= MayFail(members);
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

        var usage = spent.IsPresent ? ChatUsage.Read(spent.Element()) : null;
        if (usage is not null)
        {
            Metadata = Metadata with { Usage = usage, Cost = ChatUsage.Cost(spent.Element()) };
        }

        if (tier.IsPresent && (Metadata.ServiceTier is null || usage is not null))
        {
            Metadata = Metadata with
            {
                ServiceTier = tier.Is("\"default\""u8) ? "default" : tier.Element().Text() ?? Metadata.ServiceTier,
            };
        }

        if (failed && OpenAIError.Find(chunk.Element()) is { } error)
        {
            Metadata = Metadata with { Failure = error };
            return StreamEventKind.Error;
        }

        var wasComplete = IsComplete;
        return Choices(choices) switch
        {
            News.Failed => StreamEventKind.Error,
            News.Content => StreamEventKind.Content,
            // What opens the answer must reach the client even where the provider counts tokens from the first chunk on.
            News.Role when !wasComplete => StreamEventKind.Preamble,
            _ => usage is not null ? StreamEventKind.Usage : StreamEventKind.Preamble,
        };
    }

    private News Choices(Utf8JsonScanner choices)
    {
        if (choices.IsPresent && choices.Kind != JsonValueKind.Array)
        {
            throw new JsonException("choices must be an array.");
        }

        var news = News.None;
        for (var items = choices.Parts(); items.Next();)
        {
            var found = Choice(items.Value);
            news = found > news ? found : news;
        }

        IsComplete = _finished.Count > 0 && _open.Count == 0;
        return news;
    }

    private News Choice(Utf8JsonScanner choice)
    {
        Utf8JsonScanner place = default,
            finish = default,
            delta = default;
        var failed = false;
        for (var members = Members(choice, "A choice must be an object."); members.Next();)
        {
            if (members.IsNamed("delta"u8))
            {
                delta = members.Value;
            }
            else if (members.IsNamed("index"u8))
            {
                place = members.Value;
            }
            else if (members.IsNamed("finish_reason"u8))
            {
                finish = members.Value;
            }
            else
            {
                failed |= MayFail(members);
            }
        }

        var index = place.Count ?? 0;
        var reason = finish.IsPresent ? finish.Element().Text() : null;
        var error = failed ? OpenAIError.Find(choice.Element()) : null;
        if (error is not null || reason == "error")
        {
            Metadata = Metadata with { FinishReason = reason, Failure = error ?? ChatAdapter.EndedInError };
            return News.Failed;
        }

        var news = Delta(delta);
        if (reason is not null)
        {
            _finished.Add(index);
            _open.Remove(index);
            Metadata = index == 0 || Metadata.FinishReason is null ? Metadata with { FinishReason = reason } : Metadata;
            return News.Content;
        }

        if (!_finished.Contains(index))
        {
            _open.Add(index);
        }

        return news;
    }

    private News Delta(Utf8JsonScanner delta)
    {
        if (delta.Kind != JsonValueKind.Object)
        {
            return delta.IsPresent ? throw new JsonException("delta must be an object.") : News.None;
        }

        var news = News.None;
        Utf8JsonScanner content = default,
            refusal = default,
            thought = default,
            reasoning = default,
            calls = default;
        for (var members = delta.Parts(); members.Next();)
        {
            if (members.IsNamed("role"u8))
            {
                news = news == News.None ? News.Role : news;
                continue;
            }

            news = members.Value.IsEmpty ? news : News.Content;
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
                thought = members.Value;
            }
            else if (members.IsNamed("reasoning"u8))
            {
                reasoning = members.Value;
            }
            else if (members.IsNamed("tool_calls"u8))
            {
                calls = members.Value;
            }
        }

        OutputCharacters += content.Characters + refusal.Characters;
        OutputCharacters += Math.Max(thought.Characters, reasoning.Characters); // some send the same in both
        foreach (var call in calls.IsPresent ? calls.Element().Items() : [])
        {
            OutputCharacters += call.Member("function").Member("arguments").Characters();
        }

        return news;
    }

    private static RawParts Members(Utf8JsonScanner value, string rule) =>
        value.Kind == JsonValueKind.Object ? value.Parts() : throw new JsonException(rule);

    /// <summary>Whether a member is one by which servers tell of errors; <see cref="OpenAIError.Find"/> says whether it does.</summary>
    private static bool MayFail(in RawParts member) =>
        member.IsNamed("error"u8)
            ? member.Value.IsPresent
            : member.IsNamed("object"u8) && member.Value.Is("\"error\""u8);

    /// <summary>What a chunk's choices bring, the most important last.</summary>
    private enum News
    {
        None,
        Role,
        Content,
        Failed,
    }
}
