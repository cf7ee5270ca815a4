namespace CogniForge.Statistics.Drift;

/// <summary>The exact Kolmogorov distribution, as one entry of the n-th power of a matrix.</summary>
/// <remarks>
/// Source: Marsaglia, Tsang and Wang, <i>Evaluating Kolmogorov's Distribution</i> (Journal of Statistical Software
/// 8(18), 2003). For up to a few hundred values, since the size of the matrix grows with n·d.
/// </remarks>
internal static class KolmogorovMatrix
{
    /// <summary>P(D ≤ d) for n values.</summary>
    public static double Cumulative(int n, double d)
    {
        var k = (int)(n * d) + 1;
        var size = (2 * k) - 1;
        var h = k - (n * d);
        var power = Power(Create(size, h), n);

        // n!/nⁿ step by step, so that the entry neither overflows nor vanishes on the way.
        var probability = power.Matrix[k - 1, k - 1];
        var exponent = power.Exponent;
        for (var i = 1; i <= n; i++)
        {
            probability *= (double)i / n;
            if (probability < 1e-140)
            {
                probability = Math.ScaleB(probability, 400);
                exponent -= 400;
            }
        }

        return Math.ScaleB(probability, exponent);
    }

    private static double[,] Create(int size, double h)
    {
        var matrix = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= Math.Min(i + 1, size - 1); j++)
            {
                matrix[i, j] = 1;
            }
        }

        for (var i = 0; i < size; i++)
        {
            matrix[i, 0] -= Math.Pow(h, i + 1);
            matrix[size - 1, i] -= Math.Pow(h, size - i);
        }

        matrix[size - 1, 0] += (2 * h) - 1 > 0 ? Math.Pow((2 * h) - 1, size) : 0;
        for (var i = 0; i < size; i++)
        {
            for (var (j, divisor) = (i, 1); j >= 0; j--, divisor++)
            {
                Divide(matrix, i, j, divisor);
            }
        }

        return matrix;
    }

    // Entry (i, j) is divided by (i − j + 1)!.
    private static void Divide(double[,] matrix, int i, int j, int factorial)
    {
        for (var g = 2; g <= factorial; g++)
        {
            matrix[i, j] /= g;
        }
    }

    /// <summary>The power as matrix · 2^exponent.</summary>
    private static (double[,] Matrix, int Exponent) Power(double[,] matrix, int n)
    {
        if (n == 1)
        {
            return (matrix, 0);
        }

        var (half, exponent) = Power(matrix, n / 2);
        var result = Multiply(half, half);
        exponent *= 2;
        if (n % 2 == 1)
        {
            result = Multiply(result, matrix);
        }

        var middle = result[result.GetLength(0) / 2, result.GetLength(0) / 2];
        return middle > 1e140 ? (Scale(result, -400), exponent + 400) : (result, exponent);
    }

    private static double[,] Multiply(double[,] a, double[,] b)
    {
        var size = a.GetLength(0);
        var product = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            for (var k = 0; k < size; k++)
            {
                var factor = a[i, k];
                for (var j = 0; j < size; j++)
                {
                    product[i, j] += factor * b[k, j];
                }
            }
        }

        return product;
    }

    private static double[,] Scale(double[,] matrix, int exponent)
    {
        for (var i = 0; i < matrix.GetLength(0); i++)
        {
            for (var j = 0; j < matrix.GetLength(1); j++)
            {
                matrix[i, j] = Math.ScaleB(matrix[i, j], exponent);
            }
        }

        return matrix;
    }
}
