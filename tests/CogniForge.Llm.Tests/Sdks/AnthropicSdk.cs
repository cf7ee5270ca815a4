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

    public async Task<ChatResponse> SendAsync(
        string model,
        ChatRequest request,
        bool stream,
        Action<string>? onText,
        CancellationToken cancellationToken
    )
    {
        using var client = Client;
        var parameters = Request(model, request);
        if (!stream)
        {
            var whole = await client.Messages.Create(parameters, cancellationToken);
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
                                ? new ToolCall(use.ID, use.Name, JsonSerializer.Serialize(use.Input))
                                : null
                        )
                        .OfType<ToolCall>(),
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

        var allText = new StringBuilder();
        var calls = new SortedDictionary<long, (string Id, string Name, StringBuilder Arguments)>();
        var open = new HashSet<long>();
        var (response, isStopped) = (new ChatResponse(""), false);
        await foreach (var item in client.Messages.CreateStreaming(parameters, cancellationToken))
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
                    allText.Append(text.Text);
                    onText?.Invoke(text.Text);
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
                    FinishReason = Reason(change.Delta.StopReason),
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
            Text = allText.ToString(),
            Calls = [.. calls.Values.Select(c => new ToolCall(c.Id, c.Name, c.Arguments.ToString()))],
        };
    }

    public SdkError ReadError(Exception exception) =>
        exception switch
        {
            AnthropicApiException error => new((int)error.StatusCode, $"{error.Type?.Raw()} {error.Message}"),
            AnthropicSseException streamError => new(null, $"{streamError.Type?.Raw()} {streamError.Message}"),
            _ => throw new InvalidOperationException("The exception is not one of the SDK's.", exception),
        };

    private static MessageCreateParams Request(string model, ChatRequest request)
    {
        var parameters = new MessageCreateParams
        {
            Model = model,
            MaxTokens = request.MaxTokens,
            Messages = [.. request.Turns.Select(Message)],
        };
        if (request.System is { } system)
        {
            parameters = parameters with { System = system };
        }

        if (request.Temperature is { } temperature)
        {
            parameters = WithTemperature(parameters, temperature);
        }

        if (request.Stop.Count > 0)
        {
            parameters = parameters with { StopSequences = request.Stop };
        }

        if (request.Tools.Count > 0)
        {
            parameters = parameters with
            {
                Tools =
                [
                    .. request.Tools.Select(t =>
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

        if (request.Choice is { } choice)
        {
            bool? single = request.OneCallAtATime ? true : null;
            parameters = parameters with
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

        if (request.Schema is { } schema)
        {
            parameters = parameters with { OutputConfig = new() { Format = new() { Schema = Members(schema) } } };
        }

        return request.User is { } user ? parameters with { Metadata = new() { UserID = user } } : parameters;
    }

    // This version of the SDK has no member for the temperature, so its users set it this way.
    private static MessageCreateParams WithTemperature(MessageCreateParams parameters, double temperature) =>
        MessageCreateParams.FromRawUnchecked(
            parameters.RawHeaderData,
            parameters.RawQueryData,
            new Dictionary<string, JsonElement>(parameters.RawBodyData)
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

        if (turn.Image is { } image)
        {
            blocks.Add(
                new ImageBlockParam
                {
                    Source = new Base64ImageSource { MediaType = image.MediaType, Data = image.Base64 },
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

    private static FinishReason Reason(Anthropic.Core.ApiEnum<string, StopReason>? reason) =>
        reason?.Value() switch
        {
            StopReason.MaxTokens => FinishReason.Length,
            StopReason.ToolUse => FinishReason.Calls,
            StopReason.Refusal => FinishReason.Refused,
            StopReason.EndTurn => FinishReason.Stop,
            _ => throw new InvalidOperationException($"Unknown stop reason: {reason}"),
        };

    private static Tokens CreateTokens(long input, long output, long? read, long? written) =>
        new((int)(input + (read ?? 0) + (written ?? 0)), (int)output, (int)(read ?? 0), (int)(written ?? 0));
}
