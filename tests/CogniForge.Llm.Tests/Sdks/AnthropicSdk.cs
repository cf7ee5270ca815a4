using System.Text;
using System.Text.Json;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;

namespace CogniForge.Llm.Tests.Sdks;

internal sealed class AnthropicSdk(Uri gateway, string key) : ISdk
{
    public AnthropicClient Client =>
        new()
        {
            BaseUrl = gateway.AbsoluteUri.TrimEnd('/'),
            ApiKey = key,
            MaxRetries = 0,
        };

    public async Task<Answer> AskAsync(
        string model,
        Question question,
        bool stream,
        Action<string>? heard,
        CancellationToken cancellationToken
    )
    {
        using var client = Client;
        var request = Request(model, question);
        if (!stream)
        {
            var whole = await client.Messages.Create(request, cancellationToken);
            return new(
                string.Concat(whole.Content.Select(b => b.TryPickText(out var text) ? text.Text : "")),
                Reason(whole.StopReason)
            )
            {
                Calls =
                [
                    .. whole
                        .Content.Select(b =>
                            b.TryPickToolUse(out var use)
                                ? new Call(use.ID, use.Name, JsonSerializer.Serialize(use.Input))
                                : null
                        )
                        .OfType<Call>(),
                ],
                Tokens = CreateTokens(
                    whole.Usage.InputTokens,
                    whole.Usage.OutputTokens,
                    whole.Usage.CacheReadInputTokens,
                    whole.Usage.CacheCreationInputTokens
                ),
                Model = whole.Model.Raw(),
            };
        }

        var said = new StringBuilder();
        var calls = new SortedDictionary<long, (string Id, string Name, StringBuilder Arguments)>();
        var open = new HashSet<long>();
        var (response, isStopped) = (new Answer(""), false);
        await foreach (var item in client.Messages.CreateStreaming(request, cancellationToken))
        {
            if (item.TryPickStart(out var start))
            {
                var usage = start.Message.Usage;
                response = response with
                {
                    Model = start.Message.Model.Raw(),
                    Tokens = CreateTokens(
                        usage.InputTokens,
                        usage.OutputTokens,
                        usage.CacheReadInputTokens,
                        usage.CacheCreationInputTokens
                    ),
                };
            }
            else if (item.TryPickContentBlockStart(out var block))
            {
                Assert.Empty(open);
                Assert.True(open.Add(block.Index));
                if (block.ContentBlock.TryPickToolUse(out var use))
                {
                    calls[block.Index] = (use.ID, use.Name, new());
                }
            }
            else if (item.TryPickContentBlockDelta(out var delta))
            {
                Assert.Contains(delta.Index, open);
                if (delta.Delta.TryPickText(out var text))
                {
                    said.Append(text.Text);
                    heard?.Invoke(text.Text);
                }
                else if (delta.Delta.TryPickInputJson(out var json))
                {
                    calls[delta.Index].Arguments.Append(json.PartialJson);
                }
            }
            else if (item.TryPickContentBlockStop(out var end))
            {
                Assert.True(open.Remove(end.Index));
            }
            else if (item.TryPickDelta(out var change))
            {
                var usage = change.Usage;
                response = response with
                {
                    Finish = Reason(change.Delta.StopReason),
                    Tokens = usage.InputTokens is { } input
                        ? CreateTokens(
                            input,
                            usage.OutputTokens,
                            usage.CacheReadInputTokens,
                            usage.CacheCreationInputTokens
                        )
                        : response.Tokens with
                        {
                            Output = (int)usage.OutputTokens,
                        },
                };
            }
            else
            {
                isStopped |= item.TryPickStop(out _);
            }
        }

        Assert.Empty(open);
        Assert.True(isStopped, "The stream ended without message_stop.");
        return response with
        {
            Text = said.ToString(),
            Calls = [.. calls.Values.Select(c => new Call(c.Id, c.Name, c.Arguments.ToString()))],
        };
    }

    public SdkError ErrorOf(Exception exception) =>
        exception switch
        {
            AnthropicApiException refused => new((int)refused.StatusCode, $"{refused.Type?.Raw()} {refused.Message}"),
            AnthropicSseException broken => new(null, $"{broken.Type?.Raw()} {broken.Message}"),
            _ => throw new InvalidOperationException("The SDK does not know the error.", exception),
        };

    private static MessageCreateParams Request(string model, Question question)
    {
        var request = new MessageCreateParams
        {
            Model = model,
            MaxTokens = question.MaxTokens,
            Messages = [.. question.Turns.Select(Message)],
        };
        if (question.System is { } system)
        {
            request = request with { System = system };
        }

        if (question.Temperature is { } temperature)
        {
            request = WithTemperature(request, temperature);
        }

        if (question.Stop.Count > 0)
        {
            request = request with { StopSequences = question.Stop };
        }

        if (question.Tools.Count > 0)
        {
            request = request with
            {
                Tools =
                [
                    .. question.Tools.Select(t =>
                        (ToolUnion)
                            new Tool
                            {
                                Name = t.Name,
                                Description = t.Description,
                                InputSchema = new(Members(t.Schema)),
                            }
                    ),
                ],
            };
        }

        if (question.Choice is { } choice)
        {
            bool? single = question.OneCallAtATime ? true : null;
            request = request with
            {
                ToolChoice = choice switch
                {
                    "auto" => new ToolChoiceAuto { DisableParallelToolUse = single },
                    "any" => new ToolChoiceAny { DisableParallelToolUse = single },
                    "none" => new ToolChoiceNone(),
                    var name => new ToolChoiceTool { Name = name, DisableParallelToolUse = single },
                },
            };
        }

        if (question.Schema is { } schema)
        {
            request = request with { OutputConfig = new() { Format = new() { Schema = Members(schema) } } };
        }

        return question.User is { } user ? request with { Metadata = new() { UserID = user } } : request;
    }

    // This version of the SDK has no member for it; its users set it so.
    private static MessageCreateParams WithTemperature(MessageCreateParams request, double temperature) =>
        MessageCreateParams.FromRawUnchecked(
            request.RawHeaderData,
            request.RawQueryData,
            new Dictionary<string, JsonElement>(request.RawBodyData)
            {
                ["temperature"] = JsonSerializer.SerializeToElement(temperature),
            }
        );

    private static MessageParam Message(Turn turn)
    {
        var blocks = new List<ContentBlockParam>();
        blocks.AddRange(
            turn.Results.Select(r => (ContentBlockParam)new ToolResultBlockParam(r.Id) { Content = r.Text })
        );
        if (turn.Text is not null)
        {
            blocks.Add(new TextBlockParam(turn.Text));
        }

        if (turn.Picture is { } picture)
        {
            blocks.Add(
                new ImageBlockParam
                {
                    Source = new Base64ImageSource { MediaType = picture.MediaType, Data = picture.Base64 },
                }
            );
        }

        blocks.AddRange(
            turn.Calls.Select(c =>
                (ContentBlockParam)
                    new ToolUseBlockParam
                    {
                        ID = c.Id,
                        Name = c.Name,
                        Input = Members(c.Arguments),
                    }
            )
        );
        return turn.Role == "assistant" ? new AssistantMessageParam(blocks) : new UserMessageParam(blocks);
    }

    private static Dictionary<string, JsonElement> Members(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!;

    private static Finish Reason(Anthropic.Core.ApiEnum<string, StopReason>? reason) =>
        reason?.Value() switch
        {
            StopReason.MaxTokens => Finish.Length,
            StopReason.ToolUse => Finish.Calls,
            StopReason.Refusal => Finish.Refused,
            StopReason.EndTurn => Finish.Stop,
            _ => throw new InvalidOperationException($"Not a reason to stop: {reason}"),
        };

    private static Tokens CreateTokens(long input, long output, long? read, long? written) =>
        new((int)(input + (read ?? 0) + (written ?? 0)), (int)output, (int)(read ?? 0), (int)(written ?? 0));
}
