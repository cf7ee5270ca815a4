using System.Collections.Frozen;
using CogniForge.Llm.Protocols;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.BudgetedRequests;

/// <summary>
/// What a provider may receive on account of a key with a budget: only what <see cref="Pricing.CostUpperBound"/>
/// covers. All other fields, also future ones, are refused: a budget is hard only if every cost is bounded.
/// </summary>
internal static class BudgetedFields
{
    /// <summary>The reason for the refusal of a field that is not listed here.</summary>
    public const string UnknownReason = "the gateway does not know what it may cost";

    private const string StoredInput = "the provider adds stored input, whose size the gateway does not know";
    private const string OtherPrice = "it may lead to a price that the gateway does not know";
    private const string Fees = "the provider charges a fee for each use";
    private const string MoreOutput = "the provider charges for output beyond the limit";

    /// <summary>The tools that the client defines.</summary>
    public static FrozenSet<string> ToolTypes { get; } = FrozenSet.Create("function", "custom");

    /// <summary>
    /// The types of messages and their parts, whose tokens their bytes bound. Not documents in binary formats and
    /// videos, nor references to content that the provider fetches or stores.
    /// </summary>
    public static FrozenSet<string> ContentTypes { get; } =
        FrozenSet.Create(
            // all protocols
            "text",
            "refusal",
            // chat completions
            "image_url",
            "input_audio",
            // responses
            "message",
            "input_text",
            "output_text",
            "summary_text",
            "reasoning_text",
            "input_image",
            "reasoning",
            "function_call",
            "function_call_output",
            "custom_tool_call",
            "custom_tool_call_output",
            "web_search_call",
            "local_shell_call",
            "local_shell_call_output",
            "shell_call",
            "shell_call_output",
            "apply_patch_call",
            "apply_patch_call_output",
            "computer_call",
            "computer_call_output",
            "computer_screenshot",
            "tool_search_call",
            "compaction",
            "compaction_summary",
            // Anthropic's messages
            "image",
            "document",
            "search_result",
            "thinking",
            "redacted_thinking",
            "tool_use",
            "tool_result",
            "server_tool_use",
            "web_search_tool_result",
            "web_search_tool_result_error",
            "web_search_result",
            "tool_reference",
            "tool_search_tool_result",
            "tool_search_tool_result_error",
            "tool_search_tool_search_result",
            "advisor_tool_result",
            "advisor_tool_result_error",
            "advisor_result",
            "advisor_redacted_result"
        );

    /// <summary>The sources of a document that contain its text.</summary>
    public static FrozenSet<string> DocumentSources { get; } = FrozenSet.Create("text", "content");

    /// <summary>Why a field is refused; those that are not here have <see cref="UnknownReason"/>.</summary>
    public static FrozenDictionary<string, string> Reasons { get; } =
        new Dictionary<string, string>
        {
            ["background"] = "the provider would go on after the response",
            ["deferred"] = "the provider would go on after the response",
            ["store"] = "a stored response can be continued without the budget",
            ["previous_response_id"] = StoredInput,
            ["conversation"] = StoredInput,
            ["prompt"] = StoredInput,
            ["preset"] = StoredInput,
            ["agent_id"] = StoredInput,
            ["conversation_id"] = StoredInput,
            ["kv_transfer_params"] = StoredInput,
            ["chat_template"] = "it may multiply the input",
            ["container"] = Fees,
            ["mcp_servers"] = "the provider calls the model again after each tool call",
            ["context_management"] = "the provider calls the model again to shorten the input",
            ["web_search_options"] = Fees,
            ["plugins"] = Fees,
            ["prediction"] = MoreOutput,
            ["best_of"] = MoreOutput,
            ["use_beam_search"] = MoreOutput,
            ["audio"] = OtherPrice,
            ["modalities"] = OtherPrice,
            ["inference_geo"] = OtherPrice,
            ["models"] = OtherPrice,
            ["provider"] = OtherPrice,
            ["route"] = OtherPrice,
            ["fallbacks"] = OtherPrice,
        }.ToFrozenDictionary();

    private static readonly string[] _everywhere = ["model", "stream", "user", "metadata", "service_tier"];

    // With the sampling parameters of vLLM, llama.cpp, Ollama and OpenRouter.
    private static readonly FrozenSet<string> _chat = Create(
        "messages max_tokens max_completion_tokens min_tokens n stop stop_token_ids ignore_eos stream_options seed",
        "temperature top_p top_k top_a min_p typical_p frequency_penalty presence_penalty repetition_penalty",
        "logprobs top_logprobs logit_bias response_format structured_outputs guided_json guided_regex guided_choice",
        "guided_grammar grammar json_schema tools tool_choice parallel_tool_calls functions function_call",
        "reasoning reasoning_effort include_reasoning thinking enable_thinking chat_template_kwargs verbosity",
        "safety_identifier prompt_cache_key prompt_cache_retention prompt_cache_options cache_control moderation",
        "skip_special_tokens add_generation_prompt documents transforms usage keep_alive"
    );

    private static readonly FrozenSet<string> _responses = Create(
        "input instructions max_output_tokens max_tool_calls temperature top_p top_logprobs include reasoning text",
        "tools tool_choice parallel_tool_calls truncation stream_options moderation client_metadata",
        "safety_identifier prompt_cache_key prompt_cache_retention prompt_cache_options"
    );

    private static readonly FrozenSet<string> _messages = Create(
        "messages system max_tokens stop_sequences temperature top_k top_p thinking tools tool_choice speed",
        "output_config output_format cache_control inference_geo"
    );

    private static readonly FrozenSet<string> _embeddings = Create("input dimensions encoding_format input_type");

    /// <summary>The fields of the body in a provider's protocol.</summary>
    public static FrozenSet<string> For(Protocol protocol) =>
        protocol switch
        {
            Protocol.ChatCompletions => _chat,
            Protocol.Responses => _responses,
            Protocol.Messages => _messages,
            _ => _embeddings,
        };

    /// <summary>Refuses a field.</summary>
    public static FieldError Refuse(string path, string reason) =>
        new(path, $"is not allowed for an API key with a budget: {reason}");

    private static FrozenSet<string> Create(params string[] names) =>
        names.SelectMany(n => n.Split(' ')).Concat(_everywhere).ToFrozenSet(StringComparer.Ordinal);
}
