namespace CogniForge.Llm.Limits;

/// <summary>What do the limits count of a budget, all replicas together? Asking changes nothing.</summary>
internal interface IBudgetCounts
{
    /// <summary>What is counted of a key's budget in a window; null: nobody can tell now.</summary>
    ValueTask<BudgetCount?> CountAsync(string key, BudgetWindow window);
}
