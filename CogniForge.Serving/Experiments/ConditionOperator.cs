namespace CogniForge.Serving.Experiments;

/// <summary>How a condition compares an attribute.</summary>
internal enum ConditionOperator
{
    /// <summary>The attribute is one of the values.</summary>
    In,

    /// <summary>The attribute is absent or none of the values.</summary>
    NotIn,

    /// <summary>The attribute is a number, at least the value.</summary>
    AtLeast,

    /// <summary>The attribute is a number, at most the value.</summary>
    AtMost,
}
