using CogniForge.Llm.Pricing;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.BudgetedRequests;

/// <summary>The most uses of tools that the provider runs itself.</summary>
/// <param name="Uses">The most uses of each tool, by its name.</param>
/// <param name="MaxCalls">The most uses of all tools together; null: the sum.</param>
/// <param name="ResultTokens">The most tokens that the result of one use adds to the input.</param>
internal sealed record ToolUseBound(IReadOnlyDictionary<string, int> Uses, int? MaxCalls, int ResultTokens)
{
    // What providers add to explain their tools to the model.
    private const int TokensPerTool = 4_096;

    /// <summary>The most fees, USD; null: the fee for a tool is unknown.</summary>
    public decimal? GetMaxFees(Price price, ProviderProfile provider)
    {
        if (Uses.Count == 0)
        {
            return 0;
        }

        var fees = Uses.Select(u => (Count: u.Value, Fee: ToolFeeTable.Find(price, provider, u.Key))).ToList();
        return fees.Any(f => f.Fee is null) ? null
            : MaxCalls is { } calls ? calls * fees.Select(f => f.Fee!.Value).DefaultIfEmpty().Max()
            : fees.Sum(f => f.Count * f.Fee!.Value);
    }

    /// <summary>
    /// Bounds all input tokens: after each use, the provider calls the model again with all results so far.
    /// </summary>
    /// <param name="input">The most input tokens of the request itself.</param>
    public int BoundInput(int input)
    {
        if (Uses.Count == 0)
        {
            return input;
        }

        var uses = MaxCalls ?? Uses.Values.Sum();
        var each = (decimal)input + (Uses.Count * TokensPerTool);
        return (int)Math.Min(int.MaxValue, ((uses + 1) * each) + ((decimal)ResultTokens * uses * (uses + 1) / 2));
    }
}
